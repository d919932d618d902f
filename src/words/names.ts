/**
 * Names of the closed lists, as people read them, in each language. A value that is on no list (`2 of 3`, systemd's
 * words) is its own name. Sentences are sentences.ts's work.
 */
import type { Action, ActionResult, Rung } from '../core/action.ts'
import type { BlackBoxSectionName } from '../core/black-box.ts'
import type { Button } from '../core/buttons.ts'
import type { Language } from '../core/channel.ts'
import type { Refusal } from '../core/decision.ts'
import type {
  HeartbeatEvidence,
  HttpEvidence,
  InsideEvidence,
  Observation,
  SshKind,
  VmEvidence,
  VmStatus,
  WorkloadsEvidence,
} from '../core/evidence.ts'
import type { FixedBy, IncidentState, TimelineKind } from '../core/incident.ts'
import type { Delivery, NoticeKind, Severity } from '../core/notice.ts'
import type { Mode } from '../core/policy.ts'
import type { ReportedAction, SyncedSecret } from '../core/report.ts'
import type { Arming, Breaker, Cause, Lease, Phase, VerdictKind } from '../core/state.ts'

/** English, Korean. */
export type Name = readonly [english: string, korean: string]
type Names<Value extends string> = Readonly<Record<Value, Name>>

const CAUSES: Names<Cause | 'manual' | 'fleet' | 'rollout'> = {
  'workload-failed': ['workload failed', '워크로드 실패'],
  'inner-guard-at-work': ['being restarted on the VM', 'VM이 스스로 재시작 중'],
  'workload-hung': ['workload hung', '워크로드 응답 없음'],
  'path-broken': ['path broken', '네트워크 경로 끊김'],
  'stopped-by-person': ['stopped by a person', '사람이 중지함'],
  'podman-wedged': ['Podman wedged', 'Podman 멈춤'],
  'vm-frozen': ['VM frozen', 'VM 멈춤'],
  'vm-unreachable': ['VM unreachable', 'VM에 연결 안 됨'],
  'no-way-in': ['no way in', '접속할 방법 없음'],
  'recovery-path-broken': ['recovery path broken', '복구 경로 끊김'],
  pressure: ['under pressure', '자원 부족'],
  'vm-down': ['VM down', 'VM 꺼짐'],
  'vm-in-transition': ['VM changing its state', 'VM 상태 전환 중'],
  'vm-replaced': ['VM replaced', 'VM이 교체됨'],
  'guard-offline': ['guard offline', 'Night Guard의 네트워크 끊김'],
  'guard-young': ['guard just started', 'Night Guard가 막 시작됨'],
  manual: ['recovery by hand', '수동 복구'],
  fleet: ['many targets fail at once', '여러 대상이 한꺼번에 실패'],
  rollout: ['new secrets', '새 시크릿 적용'],
}

const VERDICTS: Names<VerdictKind> = {
  healthy: ['healthy', '정상'],
  degraded: ['degraded', '주의'],
  unhealthy: ['unhealthy', '비정상'],
  inconclusive: ['inconclusive', '판단 불가'],
}

const PHASES: Names<Phase> = {
  unarmed: ['unarmed', '자동 조치 꺼짐'],
  watching: ['watching', '감시 중'],
  suspect: ['suspect', '확인 중'],
  waiting: ['waiting', '대기 중'],
  recovering: ['recovering', '복구 중'],
  grace: ['grace after a boot', '부팅 유예 중'],
  probation: ['probation', '복구 후 관찰 중'],
  'gave-up': ['gave up', '자동 복구 포기'],
}

const RUNGS: Names<Rung | ReportedAction['rung']> = {
  'restart-workload': ['workload restart', '워크로드 재시작'],
  reboot: ['reboot', '재부팅'],
  reset: ['hard reset', '강제 리셋'],
  start: ['VM start', 'VM 시작'],
  resume: ['VM resume', 'VM 재개'],
  human: ['call of a person', '사람 호출'],
  'put-secret': ['secret put', '시크릿 전달'],
  rollout: ['restart for new secrets', '새 시크릿용 재시작'],
}

/** What budgets are kept for: some rungs share one. */
const BUDGETS: Names<'restart-workload' | 'reboot or reset' | 'start or resume' | 'rollout'> = {
  'restart-workload': RUNGS['restart-workload'],
  'reboot or reset': ['reboot or hard reset', '재부팅 또는 강제 리셋'],
  'start or resume': ['VM start or resume', 'VM 시작 또는 재개'],
  rollout: RUNGS.rollout,
}

const INCIDENT_STATES: Names<IncidentState> = {
  open: ['open', '진행 중'],
  acting: ['acting', '조치 중'],
  probation: ['probation', '복구 후 관찰 중'],
  closed: ['closed', '종료'],
  'gave-up': ['gave up', '자동 복구 포기'],
}

const TIMELINE_KINDS: Names<TimelineKind> = {
  opened: ['opened', '발생'],
  evidence: ['evidence', '증거'],
  action: ['action', '조치'],
  would: ['would have acted', '조치했을 것'],
  'black-box': ['black box', '블랙박스'],
  verified: ['verified', '확인'],
  person: ['person', '사람'],
  waiting: ['waiting', '대기'],
  call: ['call for a person', '호출'],
  alert: ['alert', '알림'],
  closed: ['closed', '종료'],
}

const ACTION_STATUSES: Names<Action['status']> = {
  intended: ['intended', '예정'],
  issued: ['issued', '실행함'],
  proved: ['proved', '실행 확인됨'],
  'not-happened': ['did not happen', '실행되지 않음'],
  unknown: ['unknown', '알 수 없음'],
}

const RESULTS: Names<ActionResult['kind']> = {
  done: ['done', '완료'],
  failed: ['failed', '실패'],
  skipped: ['skipped', '건너뜀'],
  unknown: ['unknown', '알 수 없음'],
}

const WITNESSES: Names<Exclude<keyof Observation, 'startedAt' | 'facts' | 'witnessedAt' | 'result'> | 'kit'> =
  {
    http: ['health endpoint', '헬스 엔드포인트'],
    kit: ['health report', '헬스 보고'],
    heartbeat: ['heartbeat', '하트비트'],
    ssh: ['SSH', 'SSH'],
    inside: ['asked from inside', 'VM 내부에서 확인'],
    workloads: ['workloads', '워크로드'],
    presentSecrets: ['secrets on the VM', 'VM의 시크릿'],
    vm: ['Compute', 'Compute'],
    canary: ['canary', '외부 연결 확인'],
    trace: ['trace of the action', '조치의 흔적'],
    secretVersions: ['secret versions', '시크릿 버전'],
    blackBox: ['black box', '블랙박스'],
  }

type WitnessWord =
  | HttpEvidence['kind']
  | SshKind
  | InsideEvidence['kind']
  | WorkloadsEvidence['kind']
  | HeartbeatEvidence['kind']
  | VmEvidence['kind']
  | 'fresh'
  | 'stale'

/** What witnesses say. */
const WITNESS_WORDS: Names<WitnessWord> = {
  ok: ['ok', '정상'],
  'answers-bad': ['answers badly', '잘못된 응답'],
  refused: ['refused', '연결 거부'],
  silent: ['silent', '응답 없음'],
  'not-asked': ['not asked', '확인하지 못함'],
  'banner-timeout': ['no banner in time', '배너 시간 초과'],
  'auth-failed': ['login refused', '인증 실패'],
  'host-key-changed': ['host key changed', '호스트 키 변경됨'],
  'gate-refused': ['refused by the gate', '게이트가 거부함'],
  fails: ['fails', '실패'],
  unknown: ['unknown', '알 수 없음'],
  wedged: ['wedged', '멈춤'],
  unreadable: ['unreadable', '해석 불가'],
  seen: ['seen', '확인됨'],
  absent: ['absent', '없음'],
  unavailable: ['unavailable', '확인 불가'],
  'not-found': ['not found', '찾을 수 없음'],
  fresh: ['fresh', '최신'],
  stale: ['stale', '오래됨'],
}

const VM_STATUSES: Names<VmStatus> = {
  PROVISIONING: ['provisioning', '준비 중'],
  STAGING: ['staging', '시작 준비 중'],
  RUNNING: ['running', '실행 중'],
  PENDING: ['pending', '대기 중'],
  PENDING_STOP: ['about to stop', '중지 예정'],
  STOPPING: ['stopping', '중지하는 중'],
  STOPPED: ['stopped', '중지됨'],
  TERMINATED: ['terminated', '종료됨'],
  SUSPENDING: ['suspending', '일시 중지하는 중'],
  SUSPENDED: ['suspended', '일시 중지됨'],
  REPAIRING: ['repairing', '복구되는 중'],
  DEPROVISIONING: ['deprovisioning', '해제 중'],
  UNKNOWN: ['in an unknown state', '알 수 없음'],
}

const SECRET_RESULTS: Names<SyncedSecret['result']> = {
  'in-sync': ['in sync', '일치'],
  put: ['put', '전달함'],
  'would-put': ['would be put', '전달 예정'],
  failed: ['failed', '실패'],
  unavailable: ['unavailable', '확인 불가'],
}

const BLACK_BOX_SECTIONS: Names<BlackBoxSectionName> = {
  'serial-console': ['serial console', '직렬 콘솔'],
  'kernel-oom': ["kernel's out-of-memory lines", '커널 메모리 부족(OOM) 기록'],
  units: ['units', '유닛'],
  containers: ['containers', '컨테이너'],
  memory: ['memory', '메모리'],
  pressure: ['pressure', '자원 압박(PSI)'],
}

const ARMINGS: Names<Arming['kind']> = {
  armed: ['armed', '자동 조치 켜짐'],
  unarmed: ['unarmed', '자동 조치 꺼짐'],
}

const BREAKERS: Names<Breaker['kind']> = {
  closed: ['closed', '닫힘'],
  open: ['open', '열림'],
}

/** What a run holds its lease for. */
const PURPOSES: Names<Lease['purpose']> = {
  recovery: ['recovery', '복구'],
  sync: ['secrets sync', '시크릿 맞추기'],
  manual: ['recovery by hand', '수동 복구'],
}

const MODES: Names<Mode> = {
  act: ['act', '조치'],
  observe: ['observe', '관찰만'],
}

const SEVERITIES: Names<Severity> = {
  critical: ['critical', '긴급'],
  warning: ['warning', '주의'],
  info: ['for information', '정보'],
}

const NOTICE_KINDS: Names<NoticeKind> = {
  triggered: ['triggered', '발생'],
  progress: ['progress', '진행'],
  person: ['a person is needed', '사람 필요'],
  again: ['again', '재발'],
  resolved: ['resolved', '해결'],
  reminder: ['reminder', '다시 알림'],
  test: ['test', '시험'],
}

const BUTTONS: Names<Button> = {
  recover: ['Recover now', '지금 복구'],
  start: ['Start the VM', 'VM 시작'],
  pause: ['Pause the guard', '일시 중지'],
  'leave-off': ['Leave it', '그대로 두기'],
}

const DELIVERIES: Names<Delivery['status']> = {
  pending: ['pending', '대기 중'],
  sent: ['sent', '전송됨'],
  superseded: ['superseded', '새 알림으로 대체됨'],
  failed: ['failed', '실패'],
}

const FIXES: Names<FixedBy['kind']> = {
  action: ['an action', '조치'],
  'inner-guard': ["the VM's own guard", 'VM 내부 감시(Podman·systemd)'],
  unknown: ['nobody that the guard knows of', '알 수 없음'],
}

const REFUSALS: Names<Refusal['kind']> = {
  'in-flight': ['an action is in flight', '다른 조치 진행 중'],
  'breaker-open': ['the breaker is open', '차단기 열림'],
  healthy: ['it is healthy', '정상임'],
  barred: ['barred', '금지됨'],
  'not-applicable': ['not applicable', '해당 없음'],
  'unknown-unit': ['unknown unit', '알 수 없는 유닛'],
  paused: ['paused', '일시 중지됨'],
  'lost-race': ['another run wrote first', '다른 실행이 먼저 기록함'],
  observing: ['the guard observes only', '관찰만 하는 모드'],
  expired: ['expired', '만료됨'],
}

const TABLES = {
  cause: CAUSES,
  verdict: VERDICTS,
  phase: PHASES,
  rung: RUNGS,
  budget: BUDGETS,
  incident: INCIDENT_STATES,
  timeline: TIMELINE_KINDS,
  status: ACTION_STATUSES,
  result: RESULTS,
  witness: WITNESSES,
  word: WITNESS_WORDS,
  vm: VM_STATUSES,
  secret: SECRET_RESULTS,
  section: BLACK_BOX_SECTIONS,
  arming: ARMINGS,
  breaker: BREAKERS,
  purpose: PURPOSES,
  mode: MODES,
  severity: SEVERITIES,
  notice: NOTICE_KINDS,
  button: BUTTONS,
  delivery: DELIVERIES,
  fix: FIXES,
  refusal: REFUSALS,
} as const

export type NameKind = keyof typeof TABLES

/** What people call a value of a closed list; a value that is not on it is returned as it is. */
export function nameOf(kind: NameKind, value: string, language: Language): string {
  return isNamed(kind, value) ? inLanguage(TABLES[kind] as Names<string>, value, language) : value
}

export function isNamed(kind: NameKind, value: string): boolean {
  return Object.hasOwn(TABLES[kind], value)
}

function inLanguage(names: Names<string>, value: string, language: Language): string {
  const name = names[value]
  if (name === undefined) return value
  return language === 'ko' ? name[1] : name[0]
}

/** A rung with the unit that it is for: `restart of bot.service`, `bot.service 재시작`; `hard reset`, `강제 리셋`. */
export function actionName(
  { rung, unit }: { readonly rung: string; readonly unit?: string | undefined },
  language: Language,
): string {
  if (unit === undefined) return nameOf('rung', rung, language)
  if (rung === 'restart-workload') return language === 'ko' ? `${unit} 재시작` : `restart of ${unit}`
  return language === 'ko'
    ? `${unit} ${nameOf('rung', rung, 'ko')}`
    : `${nameOf('rung', rung, 'en')} of ${unit}`
}
