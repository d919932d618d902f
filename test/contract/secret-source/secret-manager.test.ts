import { openSecretManagerStage } from '../../adapters/google/secret-manager-stage.ts'
import { secretSourceContract } from './contract.ts'

secretSourceContract('Secret Manager', openSecretManagerStage)
