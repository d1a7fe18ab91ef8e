package simulation

import "warmdesk/desk"

// planted is a bug put between the desk and the simulation.
type planted struct {
	name      string
	invariant int
	wrapStore func(desk.Store) desk.Store
	wrapPhone func(desk.Phone) desk.Phone
}

func (p planted) store(s desk.Store) desk.Store {
	if p.wrapStore == nil {
		return s
	}
	return p.wrapStore(s)
}

func (p planted) phone(f desk.Phone) desk.Phone {
	if p.wrapPhone == nil {
		return f
	}
	return p.wrapPhone(f)
}
