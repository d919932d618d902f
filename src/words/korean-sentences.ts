/**
 * Korean for the sentences that the core writes beside its verdicts: what is done and why not, timelines, refusals.
 * The English stands as it does in src/core, each `${…}` a slot; what may stand in a slot follows from its name
 * (sentence-slots.ts). A test finds sentences of the core that lack here.
 */
import { KOREAN_VERDICTS } from './korean-verdicts.ts'
import type { SentencePair } from './sentence-slots.ts'

const LADDER: readonly SentencePair[] = [
  ['a person has paused it meanwhile: {name}', '그 사이에 사람이 일시 중지했습니다: {name}'],
  ['{reason}; to be confirmed', '{reason} (확인 중)'],
  ['{reason}, for too long', '{reason} (너무 오래 지속됨)'],
  ['{reason}, until {time} at the latest', '{reason} (늦어도 {time}까지)'],
  ['{reason}; {action} not yet', '{reason}. {action}: 아직 하지 않습니다'],
  [
    '{reason}; a restart did not help, and a reboot would take the others down',
    '{reason}. 재시작해도 나아지지 않았고, 재부팅하면 다른 워크로드까지 멈춥니다',
  ],
  ['{reason}; neither a restart nor a reboot helped', '{reason}. 재시작과 재부팅으로도 나아지지 않았습니다'],
  ['{reason}; the same again after a reboot', '{reason}. 재부팅한 뒤에도 같습니다'],
  ['{reason}; the reboot has not happened yet', '{reason}. 재부팅이 아직 이루어지지 않았습니다'],
  ['{reason}; neither a reboot nor a reset helped', '{reason}. 재부팅과 강제 리셋으로도 나아지지 않았습니다'],
  ['SSH works: reset is barred', 'SSH가 되므로 강제 리셋은 하지 않습니다'],
  [
    '{action} was used {used} times in {minutes} min: the budget is spent',
    '{action}: {minutes}분 동안 {used}번 써서 복구 한도를 다 썼습니다',
  ],
  ['{action} cools down', '{action}: 다시 하기 전에 간격을 둡니다'],
  ['{names} is missing on the VM: put again', 'VM에 없는 시크릿을 다시 넣습니다: {names}'],
  ['recovery goes first: {reason}', '복구가 먼저입니다: {reason}'],
  ['paused: {reason}', '일시 중지됨: {reason}'],
  [
    'the breaker is open: nothing is restarted until a person closes it',
    '차단기가 열려 있어, 사람이 닫을 때까지 재시작하지 않습니다',
  ],
  ['the breaker is open: {reason}', '차단기가 열려 있습니다: {reason}'],
  [
    'restarting for new secrets: this is expected',
    '새 시크릿을 적용하려고 재시작하는 중입니다. 예상된 일입니다',
  ],
  ['booting ({why}); {reason}', '부팅 중입니다 ({why}). {reason}'],
  ['{action} needs more time than this tick has left', '{action}: 이번 점검에 남은 시간보다 오래 걸립니다'],
  [
    '{failing} of {total} targets fail at once: destructive rungs are held',
    '대상 {total}개 중 {failing}개가 한꺼번에 실패하여, 재부팅과 강제 리셋을 보류합니다',
  ],
  [
    '{failing} of {total} targets fail at once: destructive rungs are held, then released one at a time',
    '대상 {total}개 중 {failing}개가 한꺼번에 실패하여, 재부팅과 강제 리셋을 보류했다가 하나씩 풉니다',
  ],
  [
    '{failing} of {total} targets fail at once: {name} goes first',
    '대상 {total}개 중 {failing}개가 한꺼번에 실패하여, {name}부터 처리합니다',
  ],
  [
    '{failing} of {total} targets fail at once, and one alert tells of all',
    '대상 {total}개 중 {failing}개가 한꺼번에 실패하여, 알림 하나로 함께 알립니다',
  ],
  [
    '{failing} of {total} targets fail at once; the guard has given up on {number}',
    '대상 {total}개 중 {failing}개가 한꺼번에 실패하고 있으며, 그중 {number}개는 자동 복구를 포기했습니다',
  ],
  [
    "{failing} of {total} targets fail now; {number} of them are in a person's hands",
    '지금은 대상 {total}개 중 {failing}개가 실패하고 있으며, 그중 {number}개는 사람이 맡고 있습니다',
  ],
  ['{failing} of {total} targets fail now', '지금은 대상 {total}개 중 {failing}개가 실패하고 있습니다'],
  ['no alert of its own: {reason}', '따로 알리지 않습니다: {reason}'],
  ['{name}, which it depends on, is in trouble', '이 대상이 의존하는 {name}에 문제가 있습니다'],
  ['a person is called: {reason}', '사람을 부릅니다: {reason}'],
]

const ACTIONS: readonly SentencePair[] = [
  ['the last look could not be taken in time', '마지막 확인을 제때 하지 못했습니다'],
  ['the last look failed: {detail}', '마지막 확인에 실패했습니다: {detail}'],
  ['it was healthy at the last look', '마지막 확인 때 정상이었습니다'],
  ['the evidence has grown old', '확인한 내용이 오래되었습니다'],
  ['the lease is about to end', '작업 권한(lease)이 곧 끝납니다'],
  ['too little of this run is left to carry it out', '이번 실행에 남은 시간이 모자랍니다'],
  ['{action} was left undone: {detail}', '{action}: 실행하지 않았습니다. {detail}'],
  ['{action} issued', '{action}: 실행했습니다'],
  ['{action} left no trace: it did not happen', '{action}: 흔적이 없어, 실행되지 않은 것으로 봅니다'],
  ['{action} did not help', '{action}: 나아지지 않았습니다'],
  ['{action} was never issued', '{action}: 실행된 적이 없습니다'],
  ['it is not known yet whether the {action} happened', '{action}: 실행되었는지 아직 모릅니다'],
  ['booting after the {action}', '부팅 중입니다 ({action} 후)'],
  ['{unit} is starting after the {action}', '{unit}: 시작하는 중입니다 ({action} 후)'],
  [
    'well again {seconds} s after the {action}, {why}',
    '{action} 후 {seconds}초 만에 정상으로 돌아왔습니다 ({why})',
  ],
  ['proved', '실행 확인됨'],
  ['unproved', '실행 여부 확인 안 됨'],
  ['black box: nothing could be had', '블랙박스: 아무것도 얻지 못했습니다'],
  ['black box kept: {sections}', '블랙박스 보관: {sections}'],
  [
    'observing only: {action} would be next, nothing is done',
    '관찰만 합니다. 다음 차례는 {action}이지만 아무것도 하지 않습니다',
  ],
  ['observing only: would have done {action}', '관찰만 합니다. 실제였다면 했을 조치: {action}'],
  ['dry run: would {rung}', '시험 실행입니다. 했을 조치: {rung}'],
  ['dry run: would {rung} {unit}', '시험 실행입니다. 했을 조치: {rung} ({unit})'],
  ['an order has just been carried out', '방금 조치를 실행했습니다'],
  ['not well yet: looked at again in the next tick', '아직 정상이 아닙니다. 다음 점검에서 다시 확인합니다'],
  ['well again; on probation until it has lasted', '정상으로 돌아왔습니다. 계속 정상인지 지켜봅니다'],
  [
    'closed: well since its probation began; {minutes} min in all',
    '종료: 복구 후 관찰하는 동안 계속 정상이었습니다. 모두 {minutes}분 걸렸습니다',
  ],
]

const PEOPLE: readonly SentencePair[] = [
  [
    'never seen healthy yet: watched, not acted on',
    '아직 정상인 적이 없어, 지켜보기만 하고 조치하지 않습니다',
  ],
  [
    'its configuration changed and it was not seen healthy since: watched, not acted on',
    '설정이 바뀐 뒤로 정상인 적이 없어, 지켜보기만 하고 조치하지 않습니다',
  ],
  [
    'another instance than the armed one: watched, not acted on until it is seen healthy',
    '등록된 것과 다른 인스턴스여서, 정상으로 확인될 때까지 지켜보기만 합니다',
  ],
  [
    'its state was lost: watched, not acted on until a person arms it',
    '저장된 상태를 잃어, 사람이 조치를 켤 때까지 지켜보기만 합니다',
  ],
  ['first healthy look', '처음으로 정상 확인됨'],
  [
    'another run ({purpose}) is at work on it until {time} at the latest',
    '다른 실행({purpose})이 작업 중이며, 늦어도 {time}에 끝납니다',
  ],
  [
    'policy.mode is observe: everything is decided and recorded, nothing is done',
    'policy.mode 값이 observe입니다. 판단하고 기록만 하며 아무것도 하지 않습니다',
  ],
  ['paused by {who}: watched, not acted on', '{who} 님이 일시 중지하여, 지켜보기만 하고 조치하지 않습니다'],
  ['it is well', '정상입니다'],
  [
    'paused by {who}: {value}; resume it first',
    '{who} 님이 일시 중지했습니다: {value}. 먼저 다시 시작하세요',
  ],
  [
    '{action} was issued {time} and is still being verified',
    '{action}: {time}에 실행했고 아직 확인하는 중입니다',
  ],
  ['no workload {unit}; known: {names}', '그런 워크로드가 없습니다: {unit}. 있는 것: {names}'],
  ['no workload {value}; known: {names}', '그런 워크로드가 없습니다: {value}. 있는 것: {names}'],
  ['it works: {reason}', '정상으로 동작하고 있습니다: {reason}'],
  ['no workload is configured', '설정된 워크로드가 없습니다'],
  [
    '{action} is of the whole VM, not of {unit}',
    '{action}: VM 전체에 하는 조치이며 {unit}에만 할 수는 없습니다',
  ],
  ['{unit} is not what fails ({reason})', '{unit}: 실패한 것은 이 유닛이 아닙니다 ({reason})'],
  [
    'the evidence asks for no action: {reason}; name one to have it done',
    '확인한 내용으로는 필요한 조치가 없습니다: {reason}. 하려면 조치를 직접 지정하세요',
  ],
  ['{action} goes over SSH, which says {what}', '{action}: SSH로 해야 하는데 SSH가 되지 않습니다: {what}'],
  [
    'SSH works: reboot is the gentler way; force a reset if you must',
    'SSH가 되므로 재부팅이 더 안전합니다. 꼭 필요하면 강제 옵션으로 리셋하세요',
  ],
  ['armed by {who}: {value}', '{who} 님이 자동 조치를 켰습니다: {value}'],
  ['armed by {who}', '{who} 님이 자동 조치를 켰습니다'],
  [
    'paused for {minutes} min by {who}: by a button of its alert',
    '{who} 님이 알림의 버튼으로 {minutes}분 동안 일시 중지했습니다',
  ],
  ['paused for {minutes} min by {who}: {value}', '{who} 님이 {minutes}분 동안 일시 중지했습니다: {value}'],
  ['resumed by a person', '사람이 다시 시작했습니다'],
  ['resumed by {who}: {value}', '{who} 님이 다시 시작했습니다: {value}'],
  ['resumed, breaker closed by {who}: {value}', '{who} 님이 다시 시작하고 차단기를 닫았습니다: {value}'],
  [
    'confirmed by {who}: acted on once it is seen healthy',
    '{who} 님이 확인했습니다. 정상으로 확인되면 자동 조치를 켭니다',
  ],
  [
    'left as it is by {who}: no more reminders',
    '{who} 님이 그대로 두기로 했습니다. 더는 다시 알리지 않습니다',
  ],
  ['{who} pressed recover', '{who} 님이 복구 버튼을 눌렀습니다'],
  ['{who} pressed start', '{who} 님이 시작 버튼을 눌렀습니다'],
  [
    'this button has expired or was used before: nothing was done',
    '버튼이 만료되었거나 이미 쓰였습니다. 아무것도 하지 않았습니다',
  ],
  ['by a button of its alert', '알림의 버튼으로'],
  ['{who} asks for auto: {value}', '{who} 님이 복구를 요청했습니다: {value}'],
  ['{who} asks for {rung}: {value}', '{who} 님이 요청했습니다({rung}): {value}'],
]

const SECRETS: readonly SentencePair[] = [
  ['restarting {unit} for its new secrets', '{unit}: 새 시크릿을 적용하려고 재시작하는 중입니다'],
  ['restarted for its new secrets', '새 시크릿을 적용하려고 재시작했습니다'],
  ['SSH says {word}', 'SSH: {word}'],
  ['too little of this run is left', '이번 실행에 남은 시간이 모자랍니다'],
  ['the guard observes only', 'Night Guard가 관찰만 하는 모드입니다'],
  [
    'the target is not armed: it gets the value when it is started',
    '자동 조치가 꺼져 있어, 다음에 시작될 때 값이 적용됩니다',
  ],
  ['the target is paused', '대상이 일시 중지되어 있습니다'],
  ['the budget for restarts by rollouts is spent', '시크릿 적용을 위한 재시작 한도를 다 썼습니다'],
  ['the source was not asked', '원본(Secret Manager)을 확인하지 않았습니다'],
  [
    'version {number} is {state}; the newest enabled one is used',
    '버전 {number}의 상태가 {state}입니다. 활성화된 최신 버전을 씁니다',
  ],
  [
    'version {number} is {value}; the newest enabled one is used',
    '버전 {number}의 상태가 {value}입니다. 활성화된 최신 버전을 씁니다',
  ],
  ['the VM could not be asked', 'VM을 확인할 수 없었습니다'],
  ['by what was applied last', '마지막으로 적용한 값을 기준으로 합니다'],
  ['it was removed on the VM', 'VM에서 삭제되었습니다'],
  ['it is not on the VM yet', '아직 VM에 없습니다'],
  [
    'it is on the VM without our label: somebody else put it there',
    'VM에 있지만 Night Guard의 라벨이 없습니다. 다른 누군가가 넣은 것입니다',
  ],
  ['it came from {secret}', '{secret} 시크릿에서 온 값입니다'],
  ['it was replaced on the VM by version {value}', 'VM에서 버전 {value} 값으로 바뀌었습니다'],
  ['version {value} is there', '버전 {value} 값이 들어 있습니다'],
  ['{name} version {number}', '{name} 버전 {number}'],
]

/** Whole texts that are but a word, or words before a colon: they come last. */
const WORDS: readonly SentencePair[] = [
  ['{cause}: {reason}', '{cause} – {reason}'],
  ['{verdict}: {reason}', '{verdict} – {reason}'],
  ['{action}: {result}', '{action}: {result}'],
  ['{result}: {detail}', '{result}: {detail}'],
  ['{word} ({detail})', '{word} ({detail})'],
  ['{cause}', '{cause}'],
  ['{verdict}', '{verdict}'],
  ['{word}', '{word}'],
  ['{action}', '{action}'],
  ['{result}', '{result}'],
]

export const KOREAN_SENTENCES: readonly SentencePair[] = [
  ...KOREAN_VERDICTS,
  ...LADDER,
  ...ACTIONS,
  ...PEOPLE,
  ...SECRETS,
  ...WORDS,
]
