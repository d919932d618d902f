/** Korean for what the pages say of one target, its causes, its charts and the orders on it. */
const STANDING = {
  'The target': '이 대상',
  'not seen yet': '아직 확인 전',
  'seen {when}': '확인 {when}',
  'See the incident': '장애 기록 보기',
  '{trouble}. Nothing is done until it can.': '{trouble}. 해결될 때까지 아무 조치도 하지 않습니다.',
  "The guard can't act:": '조치할 수 없음:',
  '{since}: {reason}. Nothing is done until a person closes it.':
    '{since}. {reason}. 사람이 닫을 때까지 아무 조치도 하지 않습니다.',
  'Breaker open': '차단기 열림',
  'by {who}, ends {when}: {reason}': '{who}, {when} 종료: {reason}',
  Paused: '일시 중지됨',
  'Not armed:': '조치 꺼짐:',
  'it is acted on once it has been seen healthy.': '정상 상태가 한 번 확인되면 조치를 시작합니다.',
  'its configuration changed; it is acted on once it has been seen healthy.':
    '설정이 바뀌었습니다. 정상 상태가 한 번 확인되면 조치를 시작합니다.',
  'it is another VM than before; a person has to arm it.': '이전과 다른 VM입니다. 사람이 조치를 켜야 합니다.',
  'what was known of it is lost; a person has to arm it.':
    '저장된 상태를 잃었습니다. 사람이 조치를 켜야 합니다.',
  'It would do next:': '실제였다면 다음 조치:',
  'Next:': '다음 조치:',
  nothing: '없음',
  Nothing: '없음',
  '(not before {time})': '({time} 이후)',
  'What is to be known, and orders': '알림과 명령',
  'What the guard would do next': '다음에 할 조치',
  'Now: {phase} – {reason}': '지금: {phase} – {reason}',
  'Not known yet: it has not been looked at since the guard started.':
    '아직 모릅니다. Night Guard가 시작된 뒤로 확인하지 않았습니다.',
  'It observes only, so it would be written down and not done.':
    '관찰만 하므로 기록만 하고 실행하지는 않습니다.',
} as const

const DETAILS = {
  'What each witness said': '증거별 확인 결과',
  'No witness has been asked yet.': '아직 확인한 증거가 없습니다.',
  '{some} of {all}': '{all}개 중 {some}개',
  Workloads: '워크로드',
  'None is configured: only the VM itself is watched.': '설정된 워크로드가 없어 VM만 감시합니다.',
  'not asked lately': '최근 확인하지 않음',
  Secrets: '시크릿',
  'None is wanted here.': '이 대상에 쓰는 시크릿이 없습니다.',
  'from {secret}': '원본 {secret}',
  'not put yet, version {wanted} is wanted': '아직 전달 전, 필요한 버전 {wanted}',
  'version {version} (latest)': '버전 {version} (최신)',
  'version {version}': '버전 {version}',
  'put {when}': '{when} 전달',
  'What the budgets leave': '남은 조치 한도',
  'None is kept.': '한도가 없습니다.',
  '{left} of {max} left in {span}': '{span}에 {max}회 중 {left}회 남음',
  'The last 90 days': '최근 90일',
  'The last 90 days: {good} without trouble, {bad} with, {none} without a look':
    '최근 90일: 문제 없는 날 {good}일, 문제 있는 날 {bad}일, 확인이 없는 날 {none}일',
  'no look': '확인 없음',
  'Days with trouble': '문제가 있던 날',
  'No day with trouble is on record.': '문제가 있던 날이 없습니다.',
  'unhealthy looks: {n}': '장애 확인 {n}회',
  'degraded looks: {n}': '주의 확인 {n}회',
  'Days are days in UTC. Looks that nothing was concluded from are not counted.':
    '날짜는 UTC 기준입니다. 판단할 수 없었던 확인은 세지 않습니다.',
  'Its latest incidents': '이 대상의 최근 장애',
} as const

const CHARTS = {
  Measured: '측정값',
  'What was measured': '측정값 표',
  'What was measured cannot be read now.': '지금은 측정값을 읽을 수 없습니다.',
  'The same as a table': '표로 보기',
  'nothing measured': '측정값 없음',
  'mean {mean}, at most {max}': '평균 {mean}, 최대 {max}',
  '{when}: mean {mean}, at most {max}': '{when}: 평균 {mean}, 최대 {max}',
  'The kit reports this; where there is none, it stays empty.':
    'VM의 키트가 보고하는 값입니다. 키트가 없으면 비어 있습니다.',
  Latency: '응답 시간',
  Memory: '메모리',
  Swap: '스왑',
  'Memory pressure': '메모리 압박',
  From: '시작',
  Unhealthy: '장애',
  'Mean and maximum of each span; {unhealthy} counts looks.':
    '구간별 평균과 최대입니다. {unhealthy} 열은 확인 횟수입니다.',
} as const

const ORDERS = {
  Recover: '복구',
  Resume: '재개',
  Pause: '일시 중지',
  Arm: '조치 켜기',
  'Break it': '고장 내기',
  'Buttons need JavaScript. The same orders from a terminal:':
    '버튼에는 JavaScript가 필요합니다. 터미널에서는 이렇게 실행합니다.',
  'This page shows the state. Orders need JavaScript, or the {command} command.':
    '이 페이지는 상태를 보여 줍니다. 명령에는 JavaScript나 {command} 명령이 필요합니다.',
  Reason: '사유',
  'Why, in a few words': '이유를 짧게 적어 주세요',
  'Use force: also on a healthy target, or with the breaker open':
    '강제 실행: 정상인 대상이거나 차단기가 열려 있어도 실행',
  'Close the breaker too': '차단기도 닫기',
  Cancel: '취소',
  Preview: '미리 보기',
  'Do it': '실행',
  Action: '조치',
  'auto – the least violent that fits': 'auto – 상황에 맞는 가장 약한 조치',
  'restart-workload – recreate a container': 'restart-workload – 컨테이너를 다시 만듦',
  'reboot – over SSH, graceful': 'reboot – SSH로 정상 재부팅',
  'reset – by Compute, hard': 'reset – Compute로 강제 리셋',
  'start – a VM that is down': 'start – 꺼진 VM 시작',
  Unit: '유닛',
  Minutes: '시간(분)',
  'Recover {target}': '{target} 복구',
  'Pause {target}': '{target} 일시 중지',
  'Resume {target}': '{target} 재개',
  'Arm {target}': '{target} 조치 켜기',
  'The guard looks once more, records what it will do, and does it.':
    '한 번 더 확인하고, 할 조치를 기록한 뒤 실행합니다.',
  'The guard goes on watching, and acts on nothing until the pause ends.':
    '감시는 계속하지만, 일시 중지가 끝날 때까지 아무 조치도 하지 않습니다.',
  'Ends the pause: the guard acts again when it has to.': '일시 중지를 끝냅니다. 필요하면 다시 조치합니다.',
  'From now on the guard may act on this target as it is now.':
    '지금의 이 대상에 대해 조치할 수 있게 합니다.',
  'the one that needs it': '필요한 유닛',
  'Looking …': '확인하는 중…',
  'Working …': '실행하는 중…',
  'Nothing would be done:': '실행할 조치가 없습니다.',
  'Done.': '완료했습니다.',
  '{fault} on {target}. Watch what the guard makes of it.':
    '{target}에 {fault}. Night Guard가 어떻게 하는지 지켜보세요.',
} as const

const CAUSES = {
  'SSH works and systemd says that the unit failed. The guard restarts that unit only.':
    'SSH는 되고, systemd가 유닛이 실패했다고 합니다. 그 유닛만 재시작합니다.',
  'Podman and systemd on the VM are already restarting it. The guard waits for them, five minutes at most.':
    'VM의 Podman과 systemd가 이미 재시작하고 있습니다. 최대 5분까지 기다립니다.',
  'The unit seems to run, yet its endpoint does not answer from inside the VM either. The guard restarts the unit; should that not help, a reboot may follow.':
    '유닛은 실행 중으로 보이지만 VM 안에서도 응답하지 않습니다. 유닛을 재시작하고, 그래도 안 되면 재부팅할 수 있습니다.',
  'The VM works; only the way from here to its health endpoint does not. Nothing on the VM would mend that, so nothing is done to it.':
    'VM은 정상이고, 여기서 헬스 엔드포인트까지의 경로만 끊겼습니다. VM을 건드려도 해결되지 않으므로 조치하지 않습니다.',
  'A person stopped it, or it looks so. The guard leaves it off and asks.':
    '사람이 중지했거나 그렇게 보입니다. 그대로 두고 물어봅니다.',
  'SSH works, but Podman does not answer any more. Once that is confirmed, the guard reboots the VM.':
    'SSH는 되지만 Podman이 더는 응답하지 않습니다. 확정되면 VM을 재부팅합니다.',
  'Neither HTTP, SSH nor the heartbeat gets through while Compute says that the VM runs: the kernel hangs, or memory ran out. Once that is confirmed, the guard resets the VM.':
    'Compute는 VM이 실행 중이라고 하지만 HTTP, SSH, 하트비트가 모두 끊겼습니다. 커널이 멈췄거나 메모리가 바닥났습니다. 확정되면 VM을 강제 리셋합니다.',
  'Nothing answers, and there is no heartbeat that could tell a frozen VM from a broken path. The guard resets it only when a neighbour on the same path answers, or after a long silence.':
    '아무 응답이 없고, 멈춘 VM과 끊긴 경로를 구별해 줄 하트비트도 없습니다. 같은 경로의 이웃이 응답하거나 침묵이 오래 이어질 때만 리셋합니다.',
  'The VM lives but lets the guard in no more: the login, the host key or the gate refuses. A person has to look.':
    'VM은 살아 있지만 접속을 거부합니다. 로그인, 호스트 키, 게이트 중 하나가 막고 있습니다. 사람이 확인해야 합니다.',
  'The workload answers, but SSH does not: should it break now, the guard could not mend it gently.':
    '워크로드는 응답하지만 SSH는 되지 않습니다. 지금 고장 나면 부드럽게 복구할 수 없습니다.',
  'Memory, swap or disk is over its threshold. The guard only tells; it does nothing about it.':
    '메모리, 스왑 또는 디스크가 기준을 넘었습니다. 알리기만 하고 조치하지는 않습니다.',
  'The VM was preempted, or its host failed. The guard starts it again.':
    'VM이 선점되었거나 호스트에 장애가 있었습니다. 다시 시작합니다.',
  'Compute is changing the state of the VM. The guard waits for its end.':
    'Compute가 VM의 상태를 바꾸고 있습니다. 끝날 때까지 기다립니다.',
  'It is gone, or is another VM than the one that was armed. The guard does not touch it until a person arms it.':
    'VM이 사라졌거나, 조치를 켰던 VM이 아닙니다. 사람이 조치를 켤 때까지 건드리지 않습니다.',
  'The guard itself reaches nothing: that says nothing of the target, so nothing is done.':
    'Night Guard 자신이 어디에도 연결되지 않습니다. 대상에 대해서는 알 수 없으므로 조치하지 않습니다.',
  'The guard has just started, and its network may not be up yet. It looks again before it believes the silence.':
    'Night Guard가 막 시작되어 네트워크가 아직 준비되지 않았을 수 있습니다. 침묵을 믿기 전에 다시 확인합니다.',
} as const

export const KOREAN_TARGETS: Readonly<Record<string, string>> = {
  ...STANDING,
  ...DETAILS,
  ...CHARTS,
  ...ORDERS,
  ...CAUSES,
}
