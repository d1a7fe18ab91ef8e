package console

import (
	"cmp"
	"strings"

	"warmdesk/settings"
)

// PopView is when the page of a customer elsewhere opens by itself, and what the link
// to it says; empty: as the page says it.
type PopView struct {
	On    string `json:"on"`
	Label string `json:"label,omitempty"`
}

// popUp gives the customers of a snapshot their page elsewhere, where there is one.
func (s *Snapshot) popUp(pop settings.ScreenPop) {
	if pop.URL == "" {
		return
	}
	s.ScreenPop = &PopView{pop.On, pop.Label}
	for i := range s.Calls {
		c := &s.Calls[i]
		c.Customer.Link = c.Customer.linkOf(pop, string(c.ID), c.Topic)
	}
	if w := s.Wrap; w != nil {
		w.Customer.Link = w.Customer.linkOf(pop, string(w.ID), w.Topic)
	}
}

func (c CustomerView) linkOf(pop settings.ScreenPop, id, topic string) string {
	from := c.Number
	if strings.HasPrefix(from, "client:") {
		from = "" // of a page, which no other system knows
	}
	return pop.Link(map[string]string{
		"from": cmp.Or(from, c.Phone), "id": id, "topic": topic, "name": c.Name, "email": c.Email, "reference": c.Reference,
	})
}
