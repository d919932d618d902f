import { createFirestoreStore } from '../../../src/adapters/store/firestore.ts'
import { describeOnFirestore, freshProject } from '../../emulators/firestore-emulator.ts'
import { storeContract } from './contract.ts'

describeOnFirestore('The official Firestore emulator', (emulator) => {
  storeContract('Firestore', (clock) =>
    createFirestoreStore({ project: freshProject(), clock, endpoint: emulator() }),
  )
})
