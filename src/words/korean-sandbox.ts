/** Korean for what the sandbox gives the pages to show: its note and its faults. */
export const KOREAN_SANDBOX: Readonly<Record<string, string>> = {
  'Sandbox: three simulated VMs. Break something and watch.':
    '샌드박스: 가상 VM 세 대입니다. 고장을 내고 지켜보세요.',
  'The container dies and systemd gives up on it (start-limit-hit).':
    '컨테이너가 죽고 systemd도 포기합니다(start-limit-hit).',
  'The process accepts connections and never answers; systemd and Podman see nothing wrong.':
    '프로세스가 연결만 받고 응답하지 않습니다. systemd와 Podman은 이상을 모릅니다.',
  "The container's health command fails, and nothing on the VM acts on it.":
    '컨테이너의 헬스 명령이 실패하지만 VM에서는 아무도 조치하지 않습니다.',
  'A person stops the unit with systemctl.': '사람이 systemctl로 유닛을 중지합니다.',
  "Podman's commands hang and the health URL fails; SSH works.":
    'Podman 명령이 멈추고 헬스 URL이 실패합니다. SSH는 됩니다.',
  'The VM stands still after it ran out of memory: no port answers, the heartbeat stops, Compute says RUNNING.':
    '메모리가 바닥나 VM이 멈춥니다. 포트도 하트비트도 끊기지만 Compute는 RUNNING이라고 합니다.',
  'The kernel panics, and says so on the serial console.': '커널 패닉이 나고 직렬 콘솔에 기록됩니다.',
  'The platform takes a preemptible VM away.': '플랫폼이 선점형 VM을 회수합니다.',
  'A person stops the VM.': '사람이 VM을 중지합니다.',
  'Packets to the VM are dropped on their way; the VM lives and its heartbeat goes on.':
    'VM으로 가는 패킷이 도중에 버려집니다. VM은 살아 있고 하트비트도 이어집니다.',
  'sshd refuses connections; the health URL is fine.': 'sshd가 연결을 거부합니다. 헬스 URL은 정상입니다.',
  "The VM no longer takes the guard's key, and the container is dead as well.":
    'VM이 Night Guard의 키를 받지 않고, 컨테이너도 죽어 있습니다.',
  'The VM shows another host key than it published, and the container is dead as well.':
    'VM이 공개한 것과 다른 호스트 키를 보이고, 컨테이너도 죽어 있습니다.',
  'One answer on the health URL comes later than the probe waits; the next ones are in time.':
    '헬스 URL의 응답 하나가 제한 시간보다 늦습니다. 다음 응답은 제때 옵니다.',
  "The guard's own network is gone: no target answers, and no control URL either.":
    'Night Guard의 네트워크가 끊겨 대상도 확인용 URL도 응답하지 않습니다.',
  'Secret Manager gets a new version of a key that the workload uses.':
    '워크로드가 쓰는 키의 새 버전이 Secret Manager에 추가됩니다.',
  'The VM freezes, and after a reset its boot hangs before userland.':
    'VM이 멈추고, 리셋 뒤에도 부팅이 사용자 공간 전에 멈춥니다.',
  'Undoes all of it: the VM has power, boots if it must, and its workloads run.':
    '모두 되돌립니다. VM이 켜지고, 필요하면 부팅하고, 워크로드가 실행됩니다.',
}
