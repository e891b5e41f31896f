import { startKeeper } from './postgres/keep.ts'

// tap starts this file directly, and each test file too: its process number is how they find the server of their own run.
await startKeeper(process.ppid)
