/** Korean for what the pages say; the keys are the English texts as they stand in the code. */
import { KOREAN_PROBLEMS } from './korean-problems.ts'
import { KOREAN_SANDBOX } from './korean-sandbox.ts'
import { KOREAN_TARGETS } from './korean-targets.ts'

const SHELL = {
  'To the content': '본문으로 건너뛰기',
  Pages: '페이지',
  Targets: '대상',
  Incidents: '장애 기록',
  'Shadow mode': '관찰 모드 기록',
  'The guard observes only.': '지금은 관찰만 합니다.',
  '{strong} It decides and records, and acts on nothing. {link}':
    '{strong} 판단하고 기록할 뿐, 아무 조치도 하지 않습니다. {link}',
  'What it would have done': '실제였다면 했을 조치',
  Language: '언어',
  Appearance: '화면 모드',
  'As the system': '시스템 설정',
  Light: '밝게',
  Dark: '어둡게',
  'Times are in {zone}.': '시간대: {zone}',
  'What is wrong': '문제',
  'All targets': '모든 대상',
  Previous: '이전',
  Next: '다음',
  'Page {n} of {last}': '{last}쪽 중 {n}쪽',
} as const

const TIMES = {
  'since {time}': '{time}부터',
  '{n} s': '{n}초',
  '{n} min': '{n}분',
  '{n} h': '{n}시간',
  '{n} d': '{n}일',
  'for {span}': '{span}째',
  'just now': '방금',
  '{span} ago': '{span} 전',
  'in {span}': '{span} 뒤',
  '24 h': '24시간',
  '7 days': '7일',
  '30 days': '30일',
  '90 days': '90일',
  '{n} days': '{n}일',
  'Time range': '기간',
} as const

const DASHBOARD = {
  'The fleet': '전체 현황',
  'All is well': '모두 정상입니다',
  'Not sure yet': '아직 판단할 수 없습니다',
  'Nothing to guard yet': '아직 지킬 대상이 없습니다',
  '1 target in trouble': '대상 1개에 장애가 있습니다',
  '{n} targets in trouble': '대상 {n}개에 장애가 있습니다',
  '1 target needs a look': '대상 1개를 살펴봐야 합니다',
  '{n} targets need a look': '대상 {n}개를 살펴봐야 합니다',
  'The guard is hindered': 'Night Guard가 일할 수 없는 상태입니다',
  '{healthy} of {all} healthy, no look yet': '{all}개 중 {healthy}개 정상, 아직 확인 전',
  '{healthy} of {all} healthy, last look {when}': '{all}개 중 {healthy}개 정상, 마지막 확인 {when}',
  'No target is configured. Add one to {file} and start the guard again.':
    '설정된 대상이 없습니다. {file}에 대상을 추가하고 Night Guard를 다시 시작하세요.',
  'In need of a look': '살펴봐야 할 대상',
  'The others': '그 밖의 대상',
  'Pages of targets': '대상 목록 페이지',
  'Latest incidents': '최근 장애',
  'All of them': '전체 보기',
} as const

const INCIDENTS = {
  'No incident so far. When something breaks, what was seen and done stands here.':
    '아직 장애가 없습니다. 문제가 생기면 무엇을 보았고 무엇을 했는지 여기에 남습니다.',
  'down for {span}': '{span} 동안 중단',
  '{action} by the guard': '{action} (Night Guard)',
  '{action} by a person': '{action} (사람)',
  'Newest first.': '최신순',
  'List of incidents': '장애 목록',
  'Pages of incidents': '장애 목록 페이지',
  Newest: '최신으로',
  Older: '이전 기록',
  'Only of one target': '대상별로 보기',
  'The incident': '이 장애',
  'All incidents': '모든 장애',
  Incident: '장애',
  'opened {when} by the guard': '{when} Night Guard가 기록 시작',
  'opened {when} by a person': '{when} 사람이 기록 시작',
  'Down for': '중단 시간',
  still: '진행 중',
  Began: '시작',
  'Confirmed after': '확정까지',
  'Well again': '정상 복귀',
  'Fixed by': '복구한 조치',
  '(well, but without proof)': '(정상이지만 실행 여부는 확인되지 않음)',
  'Fell ill again': '재발',
  once: '1회',
  '{n} times': '{n}회',
  Closed: '종료',
  Timeline: '시간순 기록',
  'Left out because the timeline was full: {n}': '기록이 가득 차 생략된 항목: {n}개',
  'What was done': '실행한 조치',
  'Nothing was done.': '아무 조치도 하지 않았습니다.',
  'attempt {n}': '{n}번째 시도',
  'with force': '강제 실행',
  'by the guard, because of: {cause}': 'Night Guard가 실행, 원인: {cause}',
  'by {who}: {reason}': '{who}: {reason}',
  intended: '예정',
  issued: '실행',
  ended: '끝남',
  'Export as Markdown': 'Markdown으로 내보내기',
  'Black box': '블랙박스',
  'What the machine looked like just before it was rebooted or reset.':
    '재부팅하거나 리셋하기 직전의 VM 상태입니다.',
  'Not kept any more: {n}': '더는 보관되지 않음: {n}개',
  'Before the {action}, {when}': '{action} 직전, {when}',
  'not there:': '없음:',
  cut: '일부 생략',
  '1 line': '1줄',
  '{n} lines': '{n}줄',
} as const

const SHADOW = {
  'What shadow mode would have done': '관찰 모드가 아니었다면 했을 조치',
  'not done': '하지 않음',
  'Outages in this time: {outages}. The guard would have acted this often: {many}.':
    '이 기간의 중단 {outages}건, 실제였다면 조치했을 횟수 {many}회.',
  'The guard acts now; only what it met while {mode} was set stands here.':
    '지금은 실제로 조치하고 있습니다. 여기에는 {mode} 설정 동안의 기록만 있습니다.',
  'Nothing happened that it would have acted on.': '조치가 필요했던 일은 없었습니다.',
  'There were more incidents than were looked through: choose a shorter time.':
    '장애가 많아 일부만 살펴보았습니다. 더 짧은 기간을 고르세요.',
  'outages: {n}': '중단 {n}건',
  'It would have waited, or called a person.': '기다리거나 사람을 불렀을 것입니다.',
  'the outage still lasts': '중단이 계속되고 있음',
  'the outage went on for {span}': '중단이 {span} 동안 이어짐',
} as const

const LIVE = {
  'and {n} more': '외 {n}개',
  'What you see may be old.': '보고 계신 내용이 최신이 아닐 수 있습니다.',
  'The guard does not answer.': 'Night Guard가 응답하지 않습니다.',
  'The guard answered {status}': 'Night Guard가 {status}(으)로 응답했습니다',
} as const

export const KOREAN_PAGES: Readonly<Record<string, string>> = {
  ...SHELL,
  ...TIMES,
  ...DASHBOARD,
  ...INCIDENTS,
  ...SHADOW,
  ...LIVE,
  ...KOREAN_TARGETS,
  ...KOREAN_PROBLEMS,
  ...KOREAN_SANDBOX,
}
