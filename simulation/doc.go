// Package simulation lets the real desk work for minutes of virtual time with a
// carrier and people that do everything wrong, and holds what the carrier then
// truly does to its customers against the invariants of docs/transfer.md.
//
// There is one goroutine and one queue of events, ordered by virtual time; the
// desk takes its turn between two events (desk.Turn). testing/synctest would
// give virtual time too, but leaves the order of goroutines open, so that a
// seed would not repeat its run; and it costs a context switch per step. An
// action at the carrier is a coroutine (iter.Pull): the desk's own code waits
// in Phone.Carry until the simulated answer comes, seconds later.
//
// What happens is drawn from the seed alone. `make simulate SEED=7` repeats a
// run and prints what happened in it.
package simulation
