/** What was done, or would have been, as a sentence: for alerts, exports and pages. */

import type { Rung } from '../core/action.ts'
import { assertNever } from '../core/assert-never.ts'
import type { Language } from '../core/channel.ts'
import type { FixedBy } from '../core/incident.ts'
import { actionName } from './names.ts'
import { say } from './say.ts'

/** `Mended by the guard: restart of bot.service.` */
export function fixedWords(fixedBy: FixedBy, language: Language): string {
  switch (fixedBy.kind) {
    case 'inner-guard':
      return say(language, 'Podman and systemd on the VM mended it.')
    case 'unknown':
      return say(language, 'What mended it is not known.')
    case 'action': {
      const action = actionName(fixedBy, language)
      if (!fixedBy.proved)
        return say(
          language,
          'It was well again after this, though it is not proved that it happened: {action}.',
          {
            action,
          },
        )
      return fixedBy.by === 'guard'
        ? say(language, 'Mended by the guard: {action}.', { action })
        : say(language, 'Mended by an order of a person: {action}.', { action })
    }
    default:
      return assertNever(fixedBy)
  }
}

type Would = { readonly rung: Rung; readonly unit?: string | undefined }

/** In shadow mode: `The guard would have restarted bot.service; nothing was done.` */
export function wouldWords({ rung, unit }: Would, language: Language): string {
  switch (rung) {
    case 'restart-workload':
      return say(language, 'The guard would have restarted {unit}; nothing was done.', {
        unit: unit ?? say(language, 'the workload'),
      })
    case 'reboot':
      return say(language, 'The guard would have rebooted the VM; nothing was done.')
    case 'reset':
      return say(language, 'The guard would have reset the VM; nothing was done.')
    case 'start':
      return say(language, 'The guard would have started the VM; nothing was done.')
    case 'resume':
      return say(language, 'The guard would have resumed the VM; nothing was done.')
    case 'human':
      return say(language, 'The guard would have called a person; nothing was done.')
    default:
      return assertNever(rung)
  }
}
