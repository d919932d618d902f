/** Korean for the HTTP API's problems (titles, details, and what to do), where a page shows them. */
export const KOREAN_PROBLEMS: Readonly<Record<string, string>> = {
  "The guard's memory can't be reached": '저장소에 연결할 수 없습니다',
  'An action is in flight': '다른 조치가 진행 중입니다',
  'Another run was faster': '다른 실행이 먼저 처리했습니다',
  'Another site may not write here': '다른 사이트에서는 쓸 수 없습니다',
  'Night Guard failed': 'Night Guard에 오류가 생겼습니다',
  'No such black box': '그런 블랙박스가 없습니다',
  'No such incident': '그런 장애가 없습니다',
  'No such target': '그런 대상이 없습니다',
  'No such unit': '그런 유닛이 없습니다',
  'Not allowed': '권한이 없습니다',
  'The action does not fit': '지금 상황에 맞지 않는 조치입니다',
  'The action is barred': '금지된 조치입니다',
  'The body is not JSON': '요청 본문이 JSON이 아닙니다',
  'The body is too large': '요청 본문이 너무 큽니다',
  'The breaker is open': '차단기가 열려 있습니다',
  'The button is used up': '이미 쓴 버튼입니다',
  'The guard observes only': '지금은 관찰만 합니다',
  'The method is not allowed here': '여기서 쓸 수 없는 메서드입니다',
  'The request is not right': '요청이 올바르지 않습니다',
  'The target is healthy': '대상이 정상입니다',
  'The target is paused': '대상이 일시 중지되어 있습니다',
  'There is nothing here': '여기에는 아무것도 없습니다',
  'This service does not go by that name': '이 서비스의 이름이 아닙니다',
  'Who asks cannot be checked now': '지금은 요청자를 확인할 수 없습니다',
  'Who asks is not known': '요청자를 알 수 없습니다',
  'A bug of Night Guard kept it from answering; the log has the details':
    'Night Guard의 버그로 응답하지 못했습니다. 자세한 내용은 로그에 있습니다',
  'The request carries no identity': '요청에 신원 정보가 없습니다',
  "Use one of the target's workload units.": '이 대상의 워크로드 유닛 중 하나를 쓰세요.',
  "Use this service's own dashboard, or a program.": '이 서비스의 대시보드나 프로그램을 쓰세요.',
  'Ask again.': '다시 시도하세요.',
  'Check the path. GET / is the dashboard, GET /api/targets lists the targets.':
    '주소를 확인하세요. GET /은 대시보드, GET /api/targets는 대상 목록입니다.',
  'Choose another action, or auto.': '다른 조치나 auto를 고르세요.',
  'Find out what is wrong. Then close the breaker (resume with closeBreaker), or use force.':
    '원인을 찾은 뒤 차단기를 닫거나(재개하면서 차단기 닫기) 강제 실행하세요.',
  'GET /api/incidents lists them; old ones are deleted in time.':
    'GET /api/incidents에 목록이 있습니다. 오래된 장애는 삭제됩니다.',
  'GET /api/incidents/{id} names the black boxes of an incident; old ones are deleted in time.':
    'GET /api/incidents/{id}에 장애의 블랙박스가 나옵니다. 오래된 것은 삭제됩니다.',
  'Leave it alone, or use force if you know better.': '그대로 두거나, 꼭 필요하면 강제 실행하세요.',
  'Mend the named fields, and ask again.': '표시된 항목을 고쳐 다시 시도하세요.',
  'Nothing was done. Try again; if it stays, look at the store.':
    '아무 조치도 하지 않았습니다. 다시 시도하고, 계속되면 저장소를 확인하세요.',
  'Resume it first.': '먼저 재개하세요.',
  'Send a Google-signed ID token for this service as "Authorization: Bearer TOKEN".':
    '이 서비스용으로 Google이 서명한 ID 토큰을 "Authorization: Bearer TOKEN"으로 보내세요.',
  'Set policy.mode to act to let it act.': '조치하게 하려면 policy.mode를 act로 설정하세요.',
  'Try again in a moment.': '잠시 뒤 다시 시도하세요.',
  'Try again. If it stays, read the log at severity ERROR and report it.':
    '다시 시도하세요. 계속되면 로그에서 ERROR를 확인하고 알려 주세요.',
  'Use a gentler action; the detail says why.': '더 약한 조치를 쓰세요. 이유는 위에 있습니다.',
  'Use one of the known ids, or add the target to the configuration.':
    '알려진 대상을 쓰거나 설정에 대상을 추가하세요.',
  'Use the newest message, or the page.': '가장 최근 메시지나 이 페이지를 쓰세요.',
  'Wait for its end, then ask again.': '끝날 때까지 기다렸다가 다시 시도하세요.',
  'What to do': '할 일',
  'Nothing is at {what}': '{what}에는 아무것도 없습니다',
  '{id} is not watched; the targets are {known}': '{id}은(는) 감시 대상이 아닙니다. 대상: {known}',
  'There is no incident {id}': '{id} 장애가 없습니다',
  'There is no black box {id}': '{id} 블랙박스가 없습니다',
  '{method} is not possible on {path}': '{path}에는 {method}을(를) 쓸 수 없습니다',
  'Not right: {fields}': '올바르지 않은 항목: {fields}',
  '{who} does not have the role that this needs: {roles}': '{who}에게 필요한 권한이 없습니다: {roles}',
  'Send less.': '더 적게 보내세요.',
  'Send JSON, with the header "content-type: application/json".':
    '"content-type: application/json" 헤더와 함께 JSON을 보내세요.',
  'Use {methods}.': '{methods}를 쓰세요.',
  'Ask by one of its names: {names}.': '다음 이름으로 접속하세요: {names}.',
  "Have the e-mail listed for {roles} in the configuration's auth section.":
    '설정의 auth 항목에서 {roles}에 이메일을 추가하세요.',
}
