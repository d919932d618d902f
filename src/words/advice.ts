/** What a person should do now, by the cause of the trouble. Said where the guard can't or may not mend it itself. */
import type { Language } from '../core/channel.ts'
import type { Notice } from '../core/notice.ts'
import type { Name } from './names.ts'

type Subject = NonNullable<Notice['cause']>

const ADVICE: Readonly<Record<Subject, Name | undefined>> = {
  'workload-failed': [
    "Look at the unit's log on the VM (journalctl -u), mend it, then resume the guard.",
    'VM에서 유닛의 로그(journalctl -u)를 보고 고친 다음, Night Guard를 다시 시작하세요.',
  ],
  'inner-guard-at-work': [
    'Podman and systemd on the VM keep restarting it: look at its log.',
    'VM의 Podman과 systemd가 계속 재시작하고 있습니다. 로그를 확인하세요.',
  ],
  'workload-hung': [
    "It runs and does not answer: look at the unit's log on the VM (journalctl -u).",
    '실행 중이지만 응답하지 않습니다. VM에서 유닛의 로그(journalctl -u)를 확인하세요.',
  ],
  'path-broken': [
    'The VM lives: look at the firewall, the routes and the address between it and the guard.',
    'VM은 살아 있습니다. Night Guard와 VM 사이의 방화벽, 경로, 주소를 확인하세요.',
  ],
  'stopped-by-person': ['It stays off until somebody starts it.', '누군가 시작할 때까지 꺼진 채로 둡니다.'],
  'podman-wedged': [
    'Log in and look at Podman and the disk: a reboot did not help, or may not be done.',
    '접속해서 Podman과 디스크를 확인하세요. 재부팅으로 나아지지 않았거나 재부팅할 수 없습니다.',
  ],
  'vm-frozen': [
    "Look at the VM's serial console, and at the incident's black box.",
    'VM의 직렬 콘솔과 장애 기록의 블랙박스를 확인하세요.',
  ],
  'vm-unreachable': [
    "Look at the VM's serial console, and at the network between it and the guard.",
    'VM의 직렬 콘솔과, Night Guard와 VM 사이의 네트워크를 확인하세요.',
  ],
  'no-way-in': [
    "Look at the guard's SSH key, the VM's host key and sshd: nothing is reset for a lost key.",
    'Night Guard의 SSH 키, VM의 호스트 키, sshd를 확인하세요. 키를 잃었다고 VM을 리셋하지는 않습니다.',
  ],
  'recovery-path-broken': [
    'The workload works, but could not be mended now: look at SSH, its key and Podman on the VM.',
    '워크로드는 동작하지만 지금은 복구할 수 없습니다. VM의 SSH, 키, Podman을 확인하세요.',
  ],
  pressure: [
    'Give the workload less to do or the VM more: it may soon run out.',
    '곧 자원이 바닥날 수 있습니다. 워크로드의 부담을 줄이거나 VM의 자원을 늘리세요.',
  ],
  'vm-down': [
    "Look at the instance's operations in the Google Cloud console.",
    'Google Cloud 콘솔에서 인스턴스의 작업 기록을 확인하세요.',
  ],
  'vm-in-transition': [
    "It should have ended by now: look at the instance's operations in the Google Cloud console.",
    '이미 끝났어야 합니다. Google Cloud 콘솔에서 인스턴스의 작업 기록을 확인하세요.',
  ],
  'vm-replaced': [
    'If the new instance is the right one, arm the target.',
    '새 인스턴스가 맞다면 이 대상의 자동 조치를 켜세요.',
  ],
  'guard-offline': [
    "Look at the guard's own network: it sees nothing, so it does nothing.",
    'Night Guard 자체의 네트워크를 확인하세요. 아무것도 볼 수 없어 아무 조치도 하지 않습니다.',
  ],
  'guard-young': undefined,
  manual: undefined,
  fleet: [
    'Look for what they share: network, project, quota, a rollout.',
    '네트워크, 프로젝트, 할당량, 배포처럼 함께 쓰는 것을 확인하세요.',
  ],
}

export function adviceFor(cause: Subject | undefined, language: Language): string | undefined {
  const advice = cause === undefined ? undefined : ADVICE[cause]
  return language === 'ko' ? advice?.[1] : advice?.[0]
}
