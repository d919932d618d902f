/**
 * Korean for the sentences of verdicts: what the witnesses said, and what it means. The English stands as it does in
 * src/core, each `${…}` a slot; the other sentences of the core are in korean-sentences.ts.
 */
import type { SentencePair } from './sentence-slots.ts'

const HEALTH: readonly SentencePair[] = [
  ['the health endpoint answers as it should', '헬스 엔드포인트가 정상으로 응답합니다'],
  ['the health endpoint was not asked', '헬스 엔드포인트를 확인하지 않았습니다'],
  ['the health endpoint could not be asked: {detail}', '헬스 엔드포인트를 확인할 수 없었습니다: {detail}'],
  ['the health endpoint says {word}; {why}', '헬스 엔드포인트: {word}. {why}'],
  ['the target is paused, nothing more is asked', '대상이 일시 중지되어 더 확인하지 않습니다'],
  ['nothing more was asked', '더 확인하지 않았습니다'],
  ['not looked at yet', '아직 확인하지 않았습니다'],
  ['the witnesses do not fit any known case', '확인한 내용이 알려진 어떤 경우와도 맞지 않습니다'],
  [
    'the health report names a failed workload, and SSH, which would confirm it, says {word}',
    '헬스 보고에 실패한 워크로드가 있지만, 이를 확인할 SSH가 되지 않습니다: {word}',
  ],
  ['the workload answers, SSH does not: {detail}', '워크로드는 응답하지만 SSH가 되지 않습니다: {detail}'],
  [
    'the workload answers, SSH did not when last asked: {detail}',
    '워크로드는 응답하지만 마지막 확인 때 SSH가 되지 않았습니다: {detail}',
  ],
  [
    'the workload answers, Podman is wedged: {detail}',
    '워크로드는 응답하지만 Podman이 멈춰 있습니다: {detail}',
  ],
  [
    'the health check fails and SSH lets nobody in: {detail}',
    '헬스 체크가 실패하고 SSH로도 접속할 수 없습니다: {detail}',
  ],
  [
    'the endpoint answers badly ({detail}) and SSH says {what}',
    '엔드포인트의 응답이 잘못되었고({detail}) SSH도 되지 않습니다: {what}',
  ],
  ['status {number}, expected {number2}', '상태 코드 {number}, 기대한 값 {number2}'],
  ['the body is not JSON', '본문이 JSON이 아닙니다'],
  ['the body is not a JSON object', '본문이 JSON 객체가 아닙니다'],
  ['"{name}" is missing, expected {value}', '"{name}" 항목이 없음, 기대한 값 {value}'],
  ['"{name}" is {found}, expected {value}', '"{name}" 값이 {found}, 기대한 값 {value}'],
  ['memory {number} MB (over {limit})', '메모리 {number} MB (기준 {limit} MB 초과)'],
  ['swap {number} % (over {limit})', '스왑 {number} % (기준 {limit} % 초과)'],
  [
    'memory stalls {number} % of the time (over {limit})',
    '메모리 대기 시간 {number} % (기준 {limit} % 초과)',
  ],
  ['disk {number} % (over {limit})', '디스크 {number} % (기준 {limit} % 초과)'],
]

const SILENCE: readonly SentencePair[] = [
  [
    'the guard itself reaches nothing, and has no key to ask over SSH',
    'Night Guard 자체가 어디에도 연결되지 않고, SSH로 확인할 키도 없습니다',
  ],
  [
    'the guard itself reaches nothing: no control URL, no other target',
    'Night Guard 자체가 어디에도 연결되지 않습니다. 확인용 URL도, 다른 대상도 응답하지 않습니다',
  ],
  [
    'the guard started {seconds} s ago, when fresh instances lose packets',
    'Night Guard가 {seconds}초 전에 시작되었습니다. 막 시작된 인스턴스는 패킷을 잃기도 합니다',
  ],
  [
    'neither HTTP nor SSH answers, and Compute could not be asked: {detail}',
    'HTTP와 SSH가 모두 응답하지 않고, Compute를 확인할 수 없었습니다: {detail}',
  ],
  [
    'neither HTTP nor SSH answers, and Compute was not asked',
    'HTTP와 SSH가 모두 응답하지 않고, Compute는 확인하지 않았습니다',
  ],
  [
    'neither HTTP nor SSH answers, and the heartbeat could not be read',
    'HTTP와 SSH가 모두 응답하지 않고, 하트비트를 읽을 수 없었습니다',
  ],
  [
    'neither HTTP nor SSH answers, but the heartbeat is fresh: the VM lives behind a broken path',
    'HTTP와 SSH가 모두 응답하지 않지만 하트비트는 최신입니다. VM은 살아 있고 네트워크 경로가 끊겼습니다',
  ],
  [
    'the VM runs, but HTTP, SSH and heartbeat are all gone',
    'VM은 실행 중이지만 HTTP, SSH, 하트비트가 모두 끊겼습니다',
  ],
  ['the VM runs, but neither HTTP nor SSH answers', 'VM은 실행 중이지만 HTTP와 SSH가 모두 응답하지 않습니다'],
  [
    '{reason}; sshd accepts and says nothing (tick {tick} of {total})',
    '{reason}. sshd가 연결만 받고 아무 말이 없습니다 ({total}번 중 {tick}번째 점검)',
  ],
]

const MACHINE: readonly SentencePair[] = [
  ['Compute knows no such instance', 'Compute에 그런 인스턴스가 없습니다'],
  ['the VM is {status}', 'VM이 {status} 상태입니다'],
  ['the instance id is {id}, armed was {id2}', '인스턴스 ID가 {id}입니다. 등록된 것은 {id2}입니다'],
  ['the instance no longer has the address {address}', '인스턴스에 주소 {address} 항목이 더는 없습니다'],
  [
    'the VM is {status}, and no operation says who stopped it',
    'VM이 {status} 상태이고, 누가 중지했는지 남은 작업 기록이 없습니다',
  ],
  ['the VM is {status}: {type} by {who}', 'VM이 {status} 상태입니다: {type}, 실행자 {who}'],
  [
    'the VM is {status}: only one that is down can be started',
    'VM이 {status} 상태입니다. 꺼져 있는 VM만 시작할 수 있습니다',
  ],
  [
    'the VM is {status}, {action} needs {wanted}',
    'VM이 {status} 상태입니다. {action}에는 {wanted} 상태가 필요합니다',
  ],
  ['{token} by {token2}', '{token}, 실행자 {token2}'],
  ['Compute did not confirm what the VM is', 'Compute에서 VM의 상태를 확인하지 못했습니다'],
  ['it is another instance than the armed one', '등록된 것과 다른 인스턴스입니다'],
  ['an operation is running on it: {operation}', '인스턴스에서 다른 작업이 진행 중입니다: {operation}'],
  ['the zone has no room for the VM', '영역에 VM을 시작할 여유 자원이 없습니다'],
  ['a new boot id', '새 부팅 ID'],
  ['a kernel began to boot on the serial console', '직렬 콘솔에서 커널 부팅이 시작됨'],
]

const WORKLOADS: readonly SentencePair[] = [
  [
    'the hold file is there: a person asked for peace on this VM',
    'hold 파일이 있습니다. 사람이 이 VM을 건드리지 말라고 했습니다',
  ],
  ['SSH works, but the workloads were not asked', 'SSH는 되지만 워크로드를 확인하지 않았습니다'],
  [
    'SSH works, but what it says of the workloads makes no sense: {detail}',
    'SSH는 되지만 워크로드에 대한 답을 해석할 수 없습니다: {detail}',
  ],
  [
    'SSH works, but not whether a person asked for peace on this VM could be read',
    'SSH는 되지만, 사람이 이 VM을 건드리지 말라고 했는지 읽을 수 없었습니다',
  ],
  ['Podman is wedged: {detail}', 'Podman이 멈춰 있습니다: {detail}'],
  ['systemd knows no {units}', 'systemd에 없는 유닛입니다: {units}'],
  ['{units} was stopped, not failed', '{units}: 실패가 아니라 중지되었습니다'],
  [
    '{units} is being restarted on the VM, which may take {seconds} s',
    '{units}: VM에서 재시작되는 중이며, {seconds}초까지 걸릴 수 있습니다',
  ],
  [
    "{units} did not come up in the {seconds} s that the VM's own guard has",
    '{units}: VM 내부 감시에 주어진 {seconds}초 안에 올라오지 않았습니다',
  ],
  [
    'the units look well, and the health URL could not be asked from inside',
    '유닛은 정상으로 보이지만, VM 안에서 헬스 URL을 확인할 수 없었습니다',
  ],
  [
    'the health URL works from inside the VM, not from here',
    '헬스 URL이 VM 안에서는 되고 여기서는 되지 않습니다',
  ],
  [
    'all workloads are well; only the endpoint that reports on them fails',
    '워크로드는 모두 정상이고, 이를 보고하는 엔드포인트만 실패합니다',
  ],
  ['no workload is configured that could be restarted', '재시작할 수 있는 워크로드가 설정되어 있지 않습니다'],
  [
    '{units} looks well and answers nobody: {detail}',
    '{units}: 정상으로 보이지만 응답하지 않습니다 ({detail})',
  ],
  [
    '{units} look well and answer nobody: {detail}',
    '{units}: 정상으로 보이지만 응답하지 않습니다 ({detail})',
  ],
  ['{unit} is unknown', '{unit}: 상태를 알 수 없습니다'],
  ['{unit} is {state} ({token})', '{unit}: {state} 상태입니다 ({token})'],
  ['{unit} has no container', '{unit}: 컨테이너가 없습니다'],
  ['{unit} exited (unknown code)', '{unit}: 종료되었습니다 (종료 코드 알 수 없음)'],
  ['{unit} exited ({number})', '{unit}: 종료되었습니다 (종료 코드 {number})'],
  ['{unit} is in an unknown state', '{unit}: 알 수 없는 상태입니다'],
  ['{unit} is {health}', '{unit}: {health} 상태입니다'],
]

export const KOREAN_VERDICTS: readonly SentencePair[] = [...HEALTH, ...SILENCE, ...MACHINE, ...WORKLOADS]
