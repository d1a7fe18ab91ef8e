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
func (p *Program) Sounds() []string { return p.sounds(p.Doc[p.Next:]) }

func (p *Program) sounds(verbs []twiml.Verb) []string {
	var urls []string
	for _, v := range verbs {
		switch v := v.(type) {
		case twiml.Play:
			if target, err := p.resolve(v.URL); err == nil {
				urls = append(urls, target)
			}
		case twiml.Gather:
			urls = append(urls, p.sounds(v.Prompts)...)
		}
	}
	return urls
}
