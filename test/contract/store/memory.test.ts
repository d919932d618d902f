import { createMemoryStore } from '../../fakes/memory-store.ts'
import { storeContract } from './contract.ts'

storeContract('in memory', () => createMemoryStore(), { forgets: false })
