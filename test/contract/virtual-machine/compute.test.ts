import { openComputeStage } from '../../adapters/google/compute-stage.ts'
import { virtualMachineContract } from './contract.ts'

virtualMachineContract('Compute Engine', () => openComputeStage())
