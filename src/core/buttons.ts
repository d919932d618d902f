/** What a person may press under a message. What each does is press.ts's. */
export const BUTTONS = ['recover', 'start', 'pause', 'leave-off'] as const
export type Button = (typeof BUTTONS)[number]
