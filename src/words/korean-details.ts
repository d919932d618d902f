/**
 * Korean for what the shell adds to the core's sentences: why a witness could not be heard, or what an order came to.
 * The English stands as it does in src/app, src/adapters and src/schemas, each `${…}` a slot (sentence-slots.ts).
 */
import type { SentencePair } from './sentence-slots.ts'

const RUNS: readonly SentencePair[] = [
  ['a bug: {value}', '버그: {value}'],
  ['a bug of Night Guard ended its run', 'Night Guard의 버그로 실행이 끝났습니다'],
  [
    'the lease had nearly ended before the order could be given',
    '작업 권한(lease)이 거의 끝나서 조치를 실행하지 않았습니다',
  ],
  ['the VM said nothing of it', 'VM이 이에 대해 아무 답이 없었습니다'],
  [
    'its state was written by a newer Night Guard: left alone, nothing is done',
    '더 새로운 Night Guard가 쓴 상태여서, 건드리지 않고 아무것도 하지 않습니다',
  ],
  [
    'its state was written by a newer Night Guard (schema {number}): left alone, nothing is done',
    '더 새로운 Night Guard가 쓴 상태(스키마 {number})여서, 건드리지 않고 아무것도 하지 않습니다',
  ],
  ['{detail}: nothing was done', '{detail}. 아무것도 하지 않았습니다'],
  [
    '{detail}: what the last order gave back could not be noted',
    '{detail}. 마지막 조치의 결과를 기록하지 못했습니다',
  ],
  ['another run wrote first', '다른 실행이 먼저 기록했습니다'],
  [
    "the memory of the guard can't be reached, nothing is done to any target: {detail}",
    'Night Guard의 저장소에 연결할 수 없어, 어떤 대상에도 조치하지 않습니다: {detail}',
  ],
  ['a test, asked for by {who}: nothing is wrong', '{who} 님이 요청한 시험입니다. 문제가 있는 것은 아닙니다'],
]

const HTTP: readonly SentencePair[] = [
  ['the name could not be looked up ({value})', '이름으로 주소를 찾을 수 없었습니다 ({value})'],
  ['no connection could be tried ({value})', '연결을 시도할 수 없었습니다 ({value})'],
  ['the answer did not end within {ms} ms', '응답이 {ms} ms 안에 끝나지 않았습니다'],
  ['headers over 16 KiB', '헤더가 16 KiB보다 큽니다'],
  ['broken HTTP', '잘못된 HTTP'],
  ['broken HTTP ({value})', '잘못된 HTTP ({value})'],
  ['the connection was closed before the answer ended', '응답이 끝나기 전에 연결이 닫혔습니다'],
  ['TLS failed ({value})', 'TLS 실패 ({value})'],
  ['the request failed ({value})', '요청이 실패했습니다 ({value})'],
  ['the address is forbidden', '허용되지 않는 주소입니다'],
  ['body over 64 KiB', '본문이 64 KiB보다 큽니다'],
  [
    'the body is compressed ({value}), though none was asked for',
    '요청하지 않았는데 본문이 압축되어 있습니다 ({value})',
  ],
  ['{detail}: redirects are not followed', '{detail}. 리디렉션은 따라가지 않습니다'],
  [
    '{value} is a loopback, link-local, unspecified or multicast address',
    '{value}: 루프백, 링크 로컬, 미지정 또는 멀티캐스트 주소입니다',
  ],
]

const COMPUTE: readonly SentencePair[] = [
  ['no answer within {ms} ms', '{ms} ms 안에 응답이 없었습니다'],
  ['the answer is not what the API documents', '응답이 API 문서와 다릅니다'],
  ['no access token: {value}', '액세스 토큰이 없습니다: {value}'],
  ['HTTP {number}: {value}', 'HTTP {number}: {value}'],
  ['no connection ({value})', '연결되지 않음 ({value})'],
  ['the connection broke', '연결이 끊어졌습니다'],
  ['asking Compute about {name} ({zone}): {detail}', '{name} ({zone}), Compute 확인: {detail}'],
  ['reaching Compute for {name} ({zone}): {detail}', '{name} ({zone}), Compute 연결: {detail}'],
  [
    'looking for the operation of request {id} on {name} ({zone}): too many operations to read',
    '{name} ({zone}), 요청 {id} 작업 찾기: 작업이 너무 많아 모두 읽지 못했습니다',
  ],
  [
    'looking for the operation of request {id} on {name} ({zone}): {detail}',
    '{name} ({zone}), 요청 {id} 작업 찾기: {detail}',
  ],
  ['{token} by {token2} is {token3}', '{token}, 실행자 {token2}, 상태 {token3}'],
  ['{token} by {token2} is {token3}: {value}', '{token}, 실행자 {token2}, 상태 {token3}: {value}'],
  ['{power} of {name} ({zone}): done', '{name} ({zone}) {power}: 완료'],
  [
    '{power} of {name} ({zone}): accepted, {token} is {token2}',
    '{name} ({zone}) {power}: 접수됨, {token} 상태 {token2}',
  ],
  ['{power} of {name} ({zone}): {detail}', '{name} ({zone}) {power}: {detail}'],
  [
    'reading the heartbeat of {name} ({zone}): it is not {"bootId", "at"}',
    '{name} ({zone}), 하트비트 읽기: {"bootId", "at"} 형식이 아닙니다',
  ],
  ['reading the heartbeat of {name} ({zone}): {detail}', '{name} ({zone}), 하트비트 읽기: {detail}'],
  ['reading the serial console of {name} ({zone}): {detail}', '{name} ({zone}), 직렬 콘솔 읽기: {detail}'],
  ['the serial console is empty', '직렬 콘솔이 비어 있습니다'],
  [
    'reading the host keys of {name} ({zone}): none of them is a usable key',
    '{name} ({zone}), 호스트 키 읽기: 쓸 수 있는 키가 없습니다',
  ],
  ['reading the host keys of {name} ({zone}): {detail}', '{name} ({zone}), 호스트 키 읽기: {detail}'],
]

const SECRET_MANAGER: readonly SentencePair[] = [
  ['reaching Secret Manager: {detail}', 'Secret Manager 연결: {detail}'],
  [
    'version {value} of secret {secret} is {token}: enable it, or name another version',
    '시크릿 {secret} 버전 {value}의 상태가 {token}입니다. 활성화하거나 다른 버전을 지정하세요',
  ],
  [
    'secret {secret} has no enabled version: add one, or enable an older one',
    '시크릿 {secret}에 활성화된 버전이 없습니다. 새 버전을 추가하거나 이전 버전을 활성화하세요',
  ],
  [
    "reading version {value} of secret {secret}: {detail} (grant the guard's service account secretAccessor and viewer on this secret)",
    '시크릿 {secret} 버전 {value} 읽기: {detail} (Night Guard의 서비스 계정에 이 시크릿의 secretAccessor와 viewer 역할을 주세요)',
  ],
  [
    'reading version {value} of secret {secret}: {detail} (create the secret, or correct its name or version in the configuration)',
    '시크릿 {secret} 버전 {value} 읽기: {detail} (시크릿을 만들거나, 설정의 이름이나 버전을 고치세요)',
  ],
  ['reading version {value} of secret {secret}: {detail}', '시크릿 {secret} 버전 {value} 읽기: {detail}'],
  [
    'version {value} of secret {secret} came without its checksum',
    '시크릿 {secret} 버전 {value}에 체크섬이 없습니다',
  ],
  [
    'version {value} of secret {secret} was damaged on the way: its checksum is wrong',
    '시크릿 {secret} 버전 {value}의 체크섬이 맞지 않습니다. 전송 중 손상되었습니다',
  ],
  ['version {value} of secret {secret} is empty', '시크릿 {secret} 버전 {value}의 값이 비어 있습니다'],
  [
    'version {value} of secret {secret} is longer than {number} bytes',
    '시크릿 {secret} 버전 {value}의 값이 {number}바이트보다 깁니다',
  ],
  [
    'version {value} of secret {secret} is not UTF-8 text: encode it, for example as base64',
    '시크릿 {secret} 버전 {value}의 값이 UTF-8 텍스트가 아닙니다. base64 등으로 인코딩하세요',
  ],
]

const LOGIN: readonly SentencePair[] = [
  [
    'the private key (secret {secret}) could not be read: {detail}; the guard needs secretAccessor on it',
    '개인 키(시크릿 {secret})를 읽을 수 없었습니다: {detail}. Night Guard에 이 시크릿의 secretAccessor 역할이 필요합니다',
  ],
  [
    'set enable-guest-attributes=TRUE on the instance and let it publish its host keys at boot, or pin one in ssh.hostKey',
    '인스턴스에 enable-guest-attributes=TRUE 값을 설정하고 부팅할 때 호스트 키를 게시하게 하거나, ssh.hostKey에 키를 고정하세요',
  ],
  [
    'no login without a known host key of {name}, and none is published: {detail}',
    '{name}: 호스트 키를 모르면 접속하지 않는데, 게시된 키가 없습니다. {detail}',
  ],
  [
    'no login without a known host key of {name}, and its guest attributes could not be read: {detail}',
    '{name}: 호스트 키를 모르면 접속하지 않는데, 게스트 속성을 읽을 수 없었습니다: {detail}',
  ],
  [
    'no login without a known host key of {name}, and none of those published is of a type that can be checked: {detail}',
    '{name}: 호스트 키를 모르면 접속하지 않는데, 게시된 키 가운데 확인할 수 있는 종류가 없습니다. {detail}',
  ],
  ['the keys for the login did not come within {ms} ms', '접속에 쓸 키를 {ms} ms 안에 받지 못했습니다'],
  ['it shows another host key than the pinned one', '고정된 것과 다른 호스트 키를 보여 줍니다'],
  ['no connection within {ms} ms', '{ms} ms 안에 연결되지 않았습니다'],
  [
    'the connection was accepted, but no banner came within {ms} ms',
    '연결은 되었지만 {ms} ms 안에 배너가 오지 않았습니다',
  ],
  [
    'the connection was accepted, but no login came within {ms} ms',
    '연결은 되었지만 {ms} ms 안에 로그인이 끝나지 않았습니다',
  ],
  ['the connection was closed before a banner came', '배너가 오기 전에 연결이 닫혔습니다'],
  ['the connection was closed while logging in', '로그인하는 중에 연결이 닫혔습니다'],
  ['the connection was closed during the handshake', '핸드셰이크 중에 연결이 닫혔습니다'],
  ['nothing listens on the port', '포트에서 받는 프로그램이 없습니다'],
  [
    "the host's name could not be looked up ({value}): check ssh.host",
    '호스트 이름으로 주소를 찾을 수 없었습니다 ({value}). ssh.host 값을 확인하세요',
  ],
  ['the private key was not taken', '개인 키를 받아들이지 않았습니다'],
  ['the login failed: {value}', '로그인에 실패했습니다: {value}'],
  ['the handshake was ended: {value}', '핸드셰이크가 끊겼습니다: {value}'],
  ["it can't show the pinned host key: {value}", '고정된 호스트 키를 보여 주지 못합니다: {value}'],
  [
    'secret {secret} holds no private key that can be used: OpenSSH or PEM, without a passphrase',
    '시크릿 {secret}에 쓸 수 있는 개인 키가 없습니다. 암호 없는 OpenSSH 또는 PEM 형식이어야 합니다',
  ],
]

const COMMANDS: readonly SentencePair[] = [
  [
    'the login worked, but no command did: {detail}',
    '로그인은 되었지만 명령이 실행되지 않았습니다: {detail}',
  ],
  ['no facts: {detail}', '기본 정보를 얻지 못했습니다: {detail}'],
  ['podman hangs: {detail}', 'podman 명령이 멈춰 있습니다: {detail}'],
  ['curl gave no status code', 'curl 결과에 상태 코드가 없습니다'],
  ['not asked', '확인하지 않음'],
  ['the gate refused the command', '게이트가 명령을 거부했습니다'],
  ['exit code {number}', '종료 코드 {number}'],
  ['exit code {number}: {value}', '종료 코드 {number}: {value}'],
  ['no answer in time', '제때 응답이 없었습니다'],
  ['it said more than 256 KiB', '출력이 256 KiB보다 큽니다'],
  ['the connection was lost', '연결이 끊어졌습니다'],
  ['not sent, the connection had ended', '연결이 끝나서 보내지 못했습니다'],
  ['the machine runs no command: {value}', 'VM이 명령을 실행하지 않습니다: {value}'],
  ['no exit code came', '종료 코드를 받지 못했습니다'],
  ['ended by {value}', '{value} 신호로 끝났습니다'],
  ['the machine has seen a newer order', 'VM이 더 새로운 조치를 이미 받았습니다'],
  ['another order is being carried out on the machine', 'VM에서 다른 조치가 실행되는 중입니다'],
  ['the machine could not record it: {detail}', 'VM이 기록하지 못했습니다: {detail}'],
  ['podman hung', 'podman 명령이 멈췄습니다'],
  ['the connection went down with the machine', 'VM과 함께 연결이 끊겼습니다'],
  ['not carried out, no login ({word}): {detail}', '접속할 수 없어 실행하지 못했습니다 ({word}): {detail}'],
  ['not sent, after one whose end is unknown', '앞선 것의 결과를 몰라 보내지 않았습니다'],
  ['not asked: SSH does not work', 'SSH가 되지 않아 확인하지 않았습니다'],
  ['it hung, and was ended', '멈춰서 끝냈습니다'],
  ['nothing that can be read came', '읽을 수 있는 답이 없었습니다'],
  ['the facts are too long', '기본 정보가 너무 깁니다'],
  ["the machine's {name} is missing or malformed", 'VM의 {name} 값이 없거나 형식이 잘못되었습니다'],
  ["podman's answer is not a JSON array", 'podman의 답이 JSON 배열이 아닙니다'],
  ["podman's answer has no {name} that can be read", 'podman의 답에 읽을 수 있는 {name} 값이 없습니다'],
  ["systemctl's answer can't be read: {detail}", 'systemctl의 답을 읽을 수 없습니다: {detail}'],
  ['the answer is too long', '답이 너무 깁니다'],
  ['{number} units were shown, {number2} asked for', '유닛 {number2}개를 물었는데 {number}개가 나왔습니다'],
  [
    'what it says of {name} has no {value} that can be read',
    '{name}에 대한 답에 읽을 수 있는 {value} 값이 없습니다',
  ],
]

export const KOREAN_DETAILS: readonly SentencePair[] = [
  ...RUNS,
  ...HTTP,
  ...COMPUTE,
  ...SECRET_MANAGER,
  ...LOGIN,
  ...COMMANDS,
]
