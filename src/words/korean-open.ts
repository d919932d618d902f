/** Korean for what `nightguard open` says, on the terminal and on its own pages. A part of korean-cli.ts. */

const OPEN: Readonly<Record<string, string>> = {
  'Open the dashboard in a browser, as you; ends by Ctrl-C':
    '대시보드를 본인 권한으로 브라우저에서 엽니다. Ctrl-C로 끝냅니다',
  'Where to listen on this machine; absent: a free port':
    '이 컴퓨터에서 사용할 포트. 없으면 빈 포트를 고릅니다',
  'Open the link; --no-browser only prints it': '링크를 브라우저로 엽니다. --no-browser면 출력만 합니다',
  'End after so many minutes without a request': '이 시간(분) 동안 요청이 없으면 끝냅니다',
  'A link that works once, within a minute': '1분 안에 한 번만 쓸 수 있는 링크',
  'Over SSH: ssh -L 8900:127.0.0.1:8900': 'SSH로 접속했을 때: ssh -L 8900:127.0.0.1:8900',
  'Your browser is opening the dashboard of {host}. If it does not, open this link:':
    '브라우저에서 {host} 대시보드를 여는 중입니다. 열리지 않으면 이 링크를 여세요:',
  'Open this link in a browser on this machine to see the dashboard of {host}:':
    '{host} 대시보드를 보려면 이 컴퓨터의 브라우저에서 이 링크를 여세요:',
  'It works once, within a minute. Whoever opens it in that time acts as you: keep it to yourself.':
    '링크는 1분 안에 한 번만 쓸 수 있습니다. 그 사이에 여는 사람은 누구든 본인 권한으로 조작할 수 있으니 남에게 알리지 마세요.',
  'It works once, within a minute. Whoever opens it in that time acts as you, {account}: keep it to yourself.':
    '링크는 1분 안에 한 번만 쓸 수 있습니다. 그 사이에 여는 사람은 누구든 본인({account}) 권한으로 조작할 수 있으니 남에게 알리지 마세요.',
  'Ctrl-C ends it, and so do {minutes} minutes without a request.':
    'Ctrl-C를 누르거나 {minutes}분 동안 요청이 없으면 끝납니다.',
  'Ended: {minutes} minutes without a request': '끝났습니다: {minutes}분 동안 요청이 없었습니다',
  'Ended: nobody opened the link within a minute': '끝났습니다: 1분 안에 링크를 연 사람이 없습니다',
  'Run nightguard open again': 'nightguard open을 다시 실행하세요',
  'Ended: the link was opened twice, so somebody else may have it':
    '끝났습니다: 링크가 두 번 열렸습니다. 다른 사람이 링크를 가지고 있을 수 있습니다',
  'Run nightguard open again, and look into the incidents for orders that are not yours':
    'nightguard open을 다시 실행하고, 본인이 내리지 않은 조치가 있는지 인시던트를 확인하세요',
  'Port {port} is taken': '{port} 포트는 이미 사용 중입니다',
  "Can't listen on port {port}: {why}": '{port} 포트를 열 수 없습니다: {why}',
  'Name another with --port; without it a free one is taken':
    '--port로 다른 포트를 지정하세요. 지정하지 않으면 빈 포트를 씁니다',
  '--{name} must be a whole number from 1 to {max}': '--{name} 값은 1에서 {max} 사이의 정수여야 합니다',
}

/** The pages of the loopback proxy. */
const OPEN_PAGES: Readonly<Record<string, string>> = {
  'Try again': '다시 시도',
  'This browser has no session, or its session has ended': '이 브라우저에는 세션이 없거나 세션이 끝났습니다',
  'Run nightguard open in a terminal, and open the link that it prints within a minute. A link works once, in one browser':
    '터미널에서 nightguard open을 실행하고, 출력된 링크를 1분 안에 여세요. 링크는 브라우저 하나에서 한 번만 쓸 수 있습니다',
  'This link was opened a second time, so the session has ended':
    '이 링크가 두 번째로 열려 세션을 끝냈습니다',
  'Somebody else may have had the link. Run nightguard open in a terminal again':
    '다른 사람이 링크를 가졌을 수 있습니다. 터미널에서 nightguard open을 다시 실행하세요',
  'Only this machine may ask': '이 컴퓨터에서만 요청할 수 있습니다',
  'Run nightguard open on the machine where your browser is':
    '브라우저가 있는 컴퓨터에서 nightguard open을 실행하세요',
  'This is not a name by which the dashboard is reached': '대시보드에 접속할 수 있는 주소가 아닙니다',
  'Use the link that nightguard open prints': 'nightguard open이 출력한 링크를 쓰세요',
  'This is not passed on': '전달하지 않는 요청입니다',
  'Use the buttons of the dashboard': '대시보드의 버튼을 쓰세요',
  'This is no address of the service': '서비스의 주소가 아닙니다',
  'Go to the first page': '첫 페이지로 가세요',
  'The request comes from a page of another site': '다른 사이트의 페이지에서 온 요청입니다',
  'The request does not come from the script of the dashboard': '대시보드의 스크립트가 보낸 요청이 아닙니다',
  'Reload the page. If that does not help, the service is older than this command: update it':
    '페이지를 새로 고치세요. 그래도 안 되면 서비스가 이 명령보다 오래된 버전이니 업데이트하세요',
  'Only JSON is passed on': 'JSON만 전달합니다',
  'This is too much to pass on': '전달하기에 너무 큰 요청입니다',
  'Ask for less, or use the command line': '더 적게 요청하거나 명령줄을 쓰세요',
  'The service leads elsewhere, and that is not followed':
    '서비스가 다른 곳으로 이동시키려 합니다. 따라가지 않습니다',
  "Is this the service's own URL? Check --url and NIGHTGUARD_URL":
    '서비스의 URL이 맞나요? --url과 NIGHTGUARD_URL을 확인하세요',
  'The service wants to know who you are': '서비스가 본인 확인을 요구합니다',
  'Set NIGHTGUARD_TOKEN to an ID token, and run nightguard open again':
    'NIGHTGUARD_TOKEN에 ID 토큰을 넣고 nightguard open을 다시 실행하세요',
  'The service does not accept the ID token of {account}: {detail}':
    '서비스가 {account}의 ID 토큰을 받아들이지 않습니다: {detail}',
  "Log in anew by gcloud auth login, then try again. A token of your own gcloud account needs 32555940559.apps.googleusercontent.com in the service's auth.audience":
    'gcloud auth login으로 다시 로그인한 뒤 다시 시도하세요. 본인 gcloud 계정의 토큰을 쓰려면 서비스의 auth.audience에 32555940559.apps.googleusercontent.com이 있어야 합니다',
  'Cloud Run turns {account} away': 'Cloud Run이 {account}의 접근을 거부했습니다',
  'Give {account} the role Cloud Run Invoker (roles/run.invoker) on the service, or log in as somebody who has it: gcloud auth login. Then try again':
    '이 서비스에 대한 Cloud Run Invoker 역할(roles/run.invoker)을 {account}에 주거나, 그 역할이 있는 계정으로 로그인하세요(gcloud auth login). 그런 다음 다시 시도하세요',
  '{account} lacks the role {role}': '{account}에 {role} 역할이 없습니다',
  "Have {account} listed in the auth section of the service's configuration, under viewers to look or under operators to act; or log in as somebody who is: gcloud auth login. Then try again":
    '서비스 설정의 auth에 {account}을(를) 추가하거나(보기만 하려면 viewers, 조치하려면 operators), 이미 있는 계정으로 로그인하세요(gcloud auth login). 그런 다음 다시 시도하세요',
}

export const KOREAN_OPEN: Readonly<Record<string, string>> = { ...OPEN, ...OPEN_PAGES }
