/** Ends a property at its first counterexample: who only wants to know whether a planted fault is noticed needs no smallest one. */
import fc from 'fast-check'

fc.configureGlobal({ endOnFailure: true })
