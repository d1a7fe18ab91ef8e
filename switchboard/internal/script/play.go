package script

import "warmdesk/twiml"

func (p *Program) play(v twiml.Play, s Stage) {
	target, err := p.resolve(v.URL)
	if err != nil {
		s.Failed(codeBadURL, v.URL, err.Error())
		return
	}
	s.Play(target, loops(v.Loop))
}

// Sounds returns the files that the rest of the document plays, in order, so
// that they can be fetched before their turn.
func (p *Program) Sounds() []string {
	var urls []string
	for _, v := range p.Doc[p.Next:] {
		play, ok := v.(twiml.Play)
		if !ok {
			continue
		}
		if target, err := p.resolve(play.URL); err == nil {
			urls = append(urls, target)
		}
	}
	return urls
}
