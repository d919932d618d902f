/** Korean for what the command line says; the keys are the English texts as they stand in the code. */
import { KOREAN_OPEN } from './korean-open.ts'

const HELP: Readonly<Record<string, string>> = {
  'Keeps small VMs alive from the outside: look, act, and read what happened.':
    '작은 VM을 바깥에서 지켜 줍니다. 상태를 보고, 조치하고, 무슨 일이 있었는지 읽을 수 있습니다.',
  'Exit codes: 0 all healthy or done, 1 unhealthy, refused or failed, 2 wrong usage.':
    '종료 코드: 0 모두 정상 또는 완료, 1 장애·거부·실패, 2 잘못된 사용법.',
  'The service: --url or NIGHTGUARD_URL. Who you are: NIGHTGUARD_TOKEN, or gcloud auth print-identity-token.':
    '서비스 주소: --url 또는 NIGHTGUARD_URL. 본인 확인: NIGHTGUARD_TOKEN 또는 gcloud auth print-identity-token.',
  "A token of your own gcloud account needs 32555940559.apps.googleusercontent.com in the service's auth.audience.":
    '본인 gcloud 계정의 토큰을 쓰려면 서비스의 auth.audience에 32555940559.apps.googleusercontent.com이 있어야 합니다.',
  'Language: --lang, NIGHTGUARD_LANG, or the locale. Times are in your time zone; TZ names another.':
    '언어: --lang, NIGHTGUARD_LANG 또는 로캘. 시각은 사용자의 시간대로 표시하며, TZ로 바꿀 수 있습니다.',
  'Colours appear on a terminal only; NO_COLOR turns them off.':
    '색은 터미널에서만 나오며, NO_COLOR로 끌 수 있습니다.',
  'Print a completion script for bash or zsh': 'bash나 zsh용 자동 완성 스크립트를 출력합니다',
  'Is everything well?': '모두 정상인지 봅니다',
  'Mend one now': '대상 하나를 지금 복구합니다',
  'Complete verbs and options by Tab in this shell': '이 셸에서 Tab으로 명령과 옵션을 완성합니다',
  'Say what to do: a verb is missing': '무엇을 할지 적어 주세요. 명령이 없습니다',
  'Unknown command: {word}': '알 수 없는 명령입니다: {word}',
  'There is no such verb. Did you mean {word}?': '그런 명령은 없습니다. {word}을(를) 찾으시나요?',
  'NIGHTGUARD_URL, else {url}': 'NIGHTGUARD_URL, 없으면 {url}',
  'Where the service is': '서비스 주소',
  "Print the service's own JSON": '서비스의 JSON을 그대로 출력합니다',
  "NIGHTGUARD_LANG, else the locale's": 'NIGHTGUARD_LANG, 없으면 로캘의 언어',
  'Speak English or Korean': '영어(en) 또는 한국어(ko)',
  '{command} explains it': '{command} 명령에 설명이 있습니다',
}

const WATCH_HELP: Readonly<Record<string, string>> = {
  'What the guard knows of all targets, or of one in full': '모든 대상의 상태, 또는 대상 하나의 전체 상태',
  "A target's id; absent: all, one line each": '대상 id. 없으면 모든 대상을 한 줄씩 보여 줍니다',
  'One line a target; exit code 0 when all are healthy': '대상마다 한 줄. 모두 정상이면 종료 코드 0',
  'Evidence, workloads, secrets and budgets of one': '대상 하나의 증거, 워크로드, 시크릿, 복구 한도',
  'For programs': '프로그램용',
  'Run a watch cycle now, acting where it must; exit code 0 when all are healthy':
    '지금 한 번 점검하고 필요하면 조치합니다. 모두 정상이면 종료 코드 0',
  'Probe all targets, recover what is broken': '모든 대상을 점검하고 고장 난 것을 복구합니다',
  'What would be done about one, without doing it': '대상 하나에 무엇을 할지만 보고, 실행하지 않습니다',
  "Make the VMs' Podman secrets equal to Secret Manager's":
    'VM의 Podman 시크릿을 Secret Manager와 같게 맞춥니다',
  'What differs': '무엇이 다른지 봅니다',
  'Put what differs, and restart the workloads that use it':
    '다른 것을 넣고, 그것을 쓰는 워크로드를 재시작합니다',
  'Look and decide, but do nothing': '살펴보고 판단만 하며, 아무것도 하지 않습니다',
  'Only these targets; may be repeated': '이 대상만. 여러 번 쓸 수 있습니다',
  'Uptime, latency and memory of a target, by the hour or the day':
    '대상의 가동률, 응답 시간, 메모리를 시간별 또는 날짜별로 보여 줍니다',
  'The last day, by the hour': '최근 하루를 시간별로',
  'The last month, by the day': '최근 한 달을 날짜별로',
  'What the guard would have done, while it only observes':
    '관찰만 하는 동안, 조치했다면 무엇을 했을지 보여 줍니다',
  'Before policy.mode is set to act': 'policy.mode를 act로 바꾸기 전에 확인합니다',
  'How far back, at most {max} days': '며칠 전까지 볼지. 최대 {max}일',
  'What happened, newest first; or one incident with its timeline':
    '최근 인시던트 목록, 또는 인시던트 하나와 그 경과',
  "An incident's id; absent: a list": '인시던트 id. 없으면 목록을 보여 줍니다',
  'Only those of this target': '이 대상의 것만',
  'At most so many': '최대 개수',
  'Go on after an earlier page': '앞 페이지에 이어서 봅니다',
  'One incident with its black boxes, as Markdown': '인시던트 하나와 블랙박스를 Markdown으로 출력합니다',
  'The last five of one target': '대상 하나의 최근 다섯 건',
  'One, with its timeline': '하나와 그 경과',
  'A report to hand on': '전달할 보고서',
  'Whether alerts get through': '알림이 제대로 전달되는지 확인합니다',
  'Send a test notice through every channel; exit code 0 when all took it':
    '모든 채널로 시험 알림을 보냅니다. 모두 전달되면 종료 코드 0',
  'One line a channel': '채널마다 한 줄',
  'Try it out: the whole service on this machine, with simulated VMs':
    '체험하기: 가상 VM과 함께 서비스 전체를 이 컴퓨터에서 실행합니다',
  'Where to listen (default 8080)': '사용할 포트 (기본값 8080)',
  'Ctrl-C ends it; $0 --url http://127.0.0.1:9000 status looks at it':
    'Ctrl-C로 끝냅니다. 상태는 $0 --url http://127.0.0.1:9000 status로 봅니다',
}

const ORDER_HELP: Readonly<Record<string, string>> = {
  'Mend a target now: without thresholds and cooldown, within the budgets':
    '대상을 지금 복구합니다. 대기 조건은 건너뛰지만 복구 한도는 지킵니다',
  'auto takes what the evidence asks for; start resumes a suspended VM':
    'auto는 증거에 맞는 조치를 고릅니다. start는 일시 중지된 VM도 재개합니다',
  'The workload, for restart-workload': 'restart-workload로 재시작할 워크로드',
  'Also on a healthy target, or with the breaker open': '정상이거나 차단기가 열려 있어도 실행합니다',
  'Say what would be done': '무엇을 할지만 알려 줍니다',
  'The gentlest that fits': '상황에 맞는 가장 가벼운 조치',
  'Hard, on a healthy VM': '정상인 VM을 강제로 리셋합니다',
  'Let the guard act on a target that it has not yet seen healthy':
    '정상인 모습을 아직 확인하지 못한 대상에도 조치하도록 허용합니다',
  'After the VM was replaced': 'VM을 교체한 뒤에',
  'Watch a target, but leave it alone for a while': '감시는 하되, 한동안 조치하지 않습니다',
  'How long; the pause ends by itself': '몇 분 동안인지. 시간이 지나면 저절로 끝납니다',
  'End a pause; close the breaker if asked': '일시 중지를 끝냅니다. 원하면 차단기도 닫습니다',
  'Let the guard act again after it gave up': '자동 복구를 포기한 대상에 다시 조치하도록 합니다',
  "The target's id": '대상 id',
  'Why; it stands in the history': '이유. 기록에 남습니다',
  'Nothing was carried out.': '실행한 조치가 없습니다.',
  'Armed.': '이제 조치할 수 있습니다.',
  'Paused.': '일시 중지했습니다.',
  'Resumed.': '다시 시작했습니다.',
}

const TABLES: Readonly<Record<string, string>> = {
  TARGET: '대상',
  VERDICT: '판정',
  PHASE: '단계',
  'UP 24 H': '가동률 24시간',
  'LAST TICK': '마지막 점검',
  REASON: '이유',
  WITNESS: '증거',
  SAYS: '결과',
  DETAIL: '설명',
  WORKLOAD: '워크로드',
  CONTAINER: '컨테이너',
  STATE: '상태',
  HEALTH: '헬스 체크',
  'PODMAN SECRET': 'Podman 시크릿',
  SECRET: '시크릿',
  WANTED: '원하는 버전',
  APPLIED: '적용된 버전',
  BUDGET: '복구 한도',
  USED: '사용',
  IN: '기간',
  DONE: '조치',
  VERSION: '버전',
  RESULT: '결과',
  CHANNEL: '채널',
  INCIDENT: '인시던트',
  OPENED: '발생',
  LASTED: '지속',
  CAUSE: '원인',
  AT: '시각',
  WHAT: '내용',
  HOUR: '시간대',
  DAY: '날짜',
  UP: '가동률',
  'LATENCY ms': '응답 시간 ms',
  'MEMORY MB': '메모리 MB',
  'SWAP MB': '스왑 MB',
  'STALLED %': '메모리 정체 %',
  'WOULD HAVE DONE': '했을 조치',
  'OUTAGE WENT ON': '장애 지속',
  WHY: '이유',
}

const STATUS: Readonly<Record<string, string>> = {
  never: '아직 없음',
  'No targets are configured.': '설정된 대상이 없습니다.',
  '{phase}, paused': '{phase}, 일시 중지됨',
  'nothing: {why}': '없음: {why}',
  '{action}, not before {time}: {why}': '{action} ({time} 이후): {why}',
  'The guard observes only: it decides and records, but does nothing.':
    '관찰만 하는 모드입니다. 판단하고 기록하지만 조치하지 않습니다.',
  '{phase} since {time}': '{phase} ({time}부터)',
  '7 d': '7일',
  '30 d': '30일',
  '90 d': '90일',
  phase: '단계',
  mode: '모드',
  next: '다음 조치',
  uptime: '가동률',
  'last tick': '마지막 점검',
  unarmed: '조치 꺼짐',
  'nothing is done until it was seen healthy, or: nightguard arm':
    '정상인 모습을 확인할 때까지 조치하지 않습니다. 지금 허용하려면: nightguard arm',
  trouble: '문제',
  paused: '일시 중지',
  'until {time} by {by}: {reason}': '{time}까지, {by}: {reason}',
  breaker: '차단기',
  'open: {reason}': '열림: {reason}',
  incident: '인시던트',
  '{used} of {max}': '{max}회 중 {used}회',
  'No secrets are wanted.': '필요한 시크릿이 없습니다.',
  'Nobody is told of anything: the configuration has no channel under notify.':
    '아무에게도 알림이 가지 않습니다. 설정의 notify에 채널이 없습니다.',
}

const PAST: Readonly<Record<string, string>> = {
  'No incidents.': '인시던트가 없습니다.',
  'more: --cursor {cursor}': '더 보기: --cursor {cursor}',
  '{count} more entries were left out': '생략된 항목이 {count}개 더 있습니다',
  'Its timeline is empty.': '기록된 경과가 없습니다.',
  'target {target}, opened by a person at {time}': '대상 {target}, {time}에 사람이 시작함',
  'target {target}, opened by the guard at {time}': '대상 {target}, {time}에 감시 서비스가 감지함',
  'lasted {time}': '{time} 동안 지속',
  'Nothing was measured in this time.': '이 기간에 측정된 것이 없습니다.',
  'Values are mean / highest.': '값은 평균 / 최고입니다.',
  'From {from} to {to}': '{from} ~ {to}',
  'The guard acts (policy.mode is act): what is told here is from when it observed.':
    '지금은 실제로 조치하는 모드입니다(policy.mode: act). 아래는 관찰만 하던 때의 기록입니다.',
  'There were more incidents than were looked through.': '살펴본 것보다 인시던트가 더 많습니다.',
  '{target}: no outage': '{target}: 장애 없음',
  '{target}: 1 outage': '{target}: 장애 1건',
  '{target}: {count} outages': '{target}: 장애 {count}건',
  'It would have done nothing.': '했을 조치가 없습니다.',
  lasts: '진행 중',
}

const FAILURES: Readonly<Record<string, string>> = {
  '--{name} is given twice': '--{name} 옵션이 두 번 쓰였습니다',
  '{name} must not be empty': '{name} 값이 비어 있습니다',
  'One target at a time': '대상은 한 번에 하나만 쓸 수 있습니다',
  '--{name} must be a whole number from 1': '--{name} 값은 1 이상의 정수여야 합니다',
  '--days must be a whole number from 1 to {max}': '--days 값은 1에서 {max} 사이의 정수여야 합니다',
  "--markdown needs an incident's id": '--markdown에는 인시던트 id가 필요합니다',
  'Either --markdown or --json': '--markdown과 --json은 함께 쓸 수 없습니다',
  '--url must be a whole URL, like http://127.0.0.1:8080 or https://guard.example.com':
    '--url은 http://127.0.0.1:8080이나 https://guard.example.com 같은 전체 URL이어야 합니다',
  '--url must have no user name, password, query or fragment':
    '--url에는 사용자 이름, 비밀번호, 쿼리, 프래그먼트를 쓸 수 없습니다',
  '--url must begin with https://: over http:// everyone on the way could read your token':
    '--url은 https://로 시작해야 합니다. http://로는 중간에서 누구나 토큰을 읽을 수 있습니다',
  'The answer is larger than {count} MiB': '응답이 {count} MiB보다 큽니다',
  'Is this the right URL? Ask for less with --limit': 'URL이 맞는지 확인하거나, --limit으로 줄여 보세요',
  'Start the service (nightguard sandbox tries it out), or name another with --url or NIGHTGUARD_URL':
    '서비스를 시작하거나(체험: nightguard sandbox), --url 또는 NIGHTGUARD_URL로 다른 주소를 지정하세요',
  'Check --url and NIGHTGUARD_URL, and that the service runs':
    '--url과 NIGHTGUARD_URL이 맞는지, 서비스가 실행 중인지 확인하세요',
  "Can't reach {origin}: it gave no answer in time":
    '{origin}에 연결할 수 없습니다: 제때 응답하지 않았습니다',
  "Can't reach {origin}: no connection": '{origin}에 연결할 수 없습니다: 연결되지 않습니다',
  "Can't reach {origin}: {why}": '{origin}에 연결할 수 없습니다: {why}',
  "The answer is not Night Guard's": 'Night Guard의 응답이 아닙니다',
  'Is this the right URL? A newer service may need a newer nightguard command':
    'URL이 맞는지 확인하세요. 서비스가 더 새 버전이면 nightguard 명령도 새 버전이 필요할 수 있습니다',
  'Log in as someone whom auth.operators or auth.viewers names: gcloud auth login':
    'auth.operators나 auth.viewers에 있는 계정으로 로그인하세요: gcloud auth login',
  "Check --url, and look into the service's log": '--url을 확인하고 서비스 로그를 살펴보세요',
  'The service answered with status {status}': '서비스가 상태 코드 {status}(으)로 응답했습니다',
  'NIGHTGUARD_TOKEN is no ID token': 'NIGHTGUARD_TOKEN이 ID 토큰이 아닙니다',
  "gcloud's answer is no ID token": 'gcloud의 응답이 ID 토큰이 아닙니다',
  'Get one by: gcloud auth login, then gcloud auth print-identity-token':
    '이렇게 얻습니다: gcloud auth login 다음에 gcloud auth print-identity-token',
  'No ID token: gcloud is not installed': 'ID 토큰이 없습니다: gcloud가 설치되어 있지 않습니다',
  'Install the Google Cloud CLI, or set NIGHTGUARD_TOKEN to an ID token':
    'Google Cloud CLI를 설치하거나 NIGHTGUARD_TOKEN에 ID 토큰을 넣으세요',
  'No ID token: gcloud gave none within {seconds} s':
    'ID 토큰이 없습니다: gcloud가 {seconds}초 안에 토큰을 주지 않았습니다',
  'Try gcloud auth print-identity-token by hand, or set NIGHTGUARD_TOKEN':
    'gcloud auth print-identity-token을 직접 실행해 보거나 NIGHTGUARD_TOKEN을 넣으세요',
  'No ID token: gcloud auth print-identity-token failed: {said}':
    'ID 토큰이 없습니다: gcloud auth print-identity-token이 실패했습니다: {said}',
  'Log in by: gcloud auth login, or set NIGHTGUARD_TOKEN to an ID token':
    'gcloud auth login으로 로그인하거나 NIGHTGUARD_TOKEN에 ID 토큰을 넣으세요',
  'Another run is at work': '다른 실행이 진행 중입니다',
  'Send the event again.': '이벤트를 다시 보내세요.',
  'The sandbox is not part of this installation': '이 설치에는 샌드박스가 들어 있지 않습니다',
  'Run it from a clone of the repository: npm start': '저장소를 클론해서 실행하세요: npm start',
}

export const KOREAN_CLI: Readonly<Record<string, string>> = {
  ...HELP,
  ...WATCH_HELP,
  ...ORDER_HELP,
  ...TABLES,
  ...STATUS,
  ...PAST,
  ...FAILURES,
  ...KOREAN_OPEN,
}
