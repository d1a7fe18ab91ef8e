package script

func (p *Program) hangup(s Stage) { s.Hangup() }
