/** Korean for what alerts and incidents' exports say; the keys are the English texts as they stand in the code. */
export const KOREAN_ALERTS: Readonly<Record<string, string>> = {
  // deeds.ts
  'Podman and systemd on the VM mended it.': 'VM의 Podman과 systemd가 스스로 복구했습니다.',
  'What mended it is not known.': '무엇으로 복구되었는지는 알 수 없습니다.',
  'It was well again after this, though it is not proved that it happened: {action}.':
    '다음 조치 후 정상으로 돌아왔지만, 실제로 실행되었는지는 확인되지 않았습니다: {action}.',
  'Mended by the guard: {action}.': 'Night Guard가 복구했습니다: {action}.',
  'Mended by an order of a person: {action}.': '사람의 요청으로 복구했습니다: {action}.',
  'the workload': '워크로드',
  'The guard would have restarted {unit}; nothing was done.':
    'Night Guard가 재시작했을 것입니다: {unit}. 아무것도 하지 않았습니다.',
  'The guard would have rebooted the VM; nothing was done.':
    'Night Guard가 VM을 재부팅했을 것입니다. 아무것도 하지 않았습니다.',
  'The guard would have reset the VM; nothing was done.':
    'Night Guard가 VM을 강제 리셋했을 것입니다. 아무것도 하지 않았습니다.',
  'The guard would have started the VM; nothing was done.':
    'Night Guard가 VM을 시작했을 것입니다. 아무것도 하지 않았습니다.',
  'The guard would have resumed the VM; nothing was done.':
    'Night Guard가 VM을 재개했을 것입니다. 아무것도 하지 않았습니다.',
  'The guard would have called a person; nothing was done.':
    'Night Guard가 사람을 불렀을 것입니다. 아무것도 하지 않았습니다.',

  // alert-title.ts
  Fleet: '전체 대상',
  '{target}: {what}': '{target}: {what}',
  '{target}: a person is needed': '{target}: 사람의 확인이 필요합니다',
  '{target}: {what}, a person is needed': '{target}: {what}, 사람의 확인이 필요합니다',
  '{target}: {what}, again': '{target}: {what} (재발)',
  '{target}: {what}, for {time} now': '{target}: {what}, {time}째 계속',
  '{target}: {what}, over after {time}': '{target}: {what}, {time} 만에 해소됨',
  '{target}: back after {time}': '{target}: {time} 만에 복구됨',
  'Night Guard: test alert': 'Night Guard: 시험 알림',

  // alert-text.ts
  'This shows only that alerts reach you.': '알림이 잘 도착하는지 확인하는 메시지일 뿐입니다.',
  'It was well in between; the trouble began at {time}.':
    '그사이 잠시 정상이었습니다. 처음 시작된 때는 {time}입니다.',
  'Since {time}.': '{time}부터입니다.',
  'It began at {began} and was over at {ended}.': '{began}에 시작되어 {ended}에 해소되었습니다.',
  'It broke at {began}, it was back at {ended}.': '{began}에 멈췄고 {ended}에 복구되었습니다.',
  'Shadow mode.': '관찰 모드입니다.',
  "The guard can't mend this by itself: you are needed.":
    'Night Guard만으로는 복구할 수 없습니다. 직접 확인해 주세요.',
  'The guard does nothing about this by itself.': 'Night Guard는 이 문제에 스스로 조치하지 않습니다.',
  'The guard does what a person asked for.': 'Night Guard가 사람의 요청을 실행합니다.',
  'The guard is at work on it: nothing is needed from you yet.':
    'Night Guard가 처리하고 있습니다. 아직 하실 일은 없습니다.',
  'This alert speaks for {names} and {count} more.': '함께 알리는 대상: {names} 외 {count}개.',
  'This alert speaks for {names}.': '함께 알리는 대상: {names}.',

  // incident-markdown.ts
  Actions: '조치',
  'not yet': '아직',
  Target: '대상',
  Cause: '원인',
  State: '상태',
  'Opened by': '기록을 연 쪽',
  Confirmed: '확인',
  Recovered: '복구',
  Outage: '중단 시간',
  'What mended it': '복구 방법',
  Relapses: '재발 횟수',
  'Times are in': '시간대',
  Fact: '항목',
  Value: '값',
  'the guard': 'Night Guard',
  'a person': '사람',
  Time: '시각',
  Kind: '종류',
  'What happened': '내용',
  'Entries after the first that were left out: {count}.': '첫 항목 뒤에 생략된 항목: {count}개.',
  'By whom, and why': '누가, 왜',
  Intended: '예정',
  Issued: '실행',
  Ended: '끝',
  Status: '상태',
  Result: '결과',
  '{action} (attempt {number})': '{action} ({number}번째 시도)',
  'the guard: {why}': 'Night Guard: {why}',
  '{who}, by force: {reason}': '{who} (강제): {reason}',
  '{who}: {reason}': '{who}: {reason}',
  'What would have been done': '했을 조치',
  'Black box of {time}, before: {action}': '블랙박스 {time}, 조치 직전: {action}',
  'It is not kept any more.': '더는 보관되어 있지 않습니다.',
  'Some of it was left out.': '일부가 생략되었습니다.',
  'Not to be had: {detail}': '얻지 못했습니다: {detail}',

  // press-answer.ts
  'You are not on the list of those who may press this. Nothing was done.':
    '이 버튼을 누를 수 있는 사람 목록에 없습니다. 아무것도 하지 않았습니다.',
  'This button has expired or was used before. Nothing was done.':
    '만료되었거나 이미 사용한 버튼입니다. 아무것도 하지 않았습니다.',
  "The guard's memory can't be reached. Nothing was done.":
    'Night Guard의 저장소에 연결할 수 없습니다. 아무것도 하지 않았습니다.',
  'The guard is acting on it already: wait for its next message.':
    'Night Guard가 이미 조치하고 있습니다. 다음 메시지를 기다려 주세요.',
  'Nothing was done: {why}': '아무것도 하지 않았습니다: {why}',
  '{target} is paused: watched, not acted on.':
    '{target}: 일시 중지했습니다. 지켜보기만 하고 조치하지 않습니다.',
  '{target} is left as it is: no more reminders.': '{target}: 그대로 둡니다. 더 알리지 않습니다.',
  '{target}: nothing had to be done.': '{target}: 할 일이 없었습니다.',
  '{target}: {actions}.': '{target}: {actions}.',

  // how an incident stands
  '{target}: {what}, well again': '{target}: {what}, 정상으로 돌아옴',
  'It works again. The guard watches whether it stays so.':
    '다시 동작합니다. 계속 정상인지 Night Guard가 지켜보고 있습니다.',
  'The guard is paused: it watches, and does nothing.':
    'Night Guard가 일시 중지되었습니다. 지켜보기만 하고 조치하지 않습니다.',
  'It is left as it is, as a person asked: no more reminders.':
    '사람의 요청에 따라 그대로 둡니다. 더 알리지 않습니다.',
}
