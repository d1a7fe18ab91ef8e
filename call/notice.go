package call

import (
	"fmt"

	"warmdesk/agent"
)

// NoticeText is the last thing that went otherwise, in words for the owner.
func NoticeText(c Call, names Names) string {
	if c.Notice == nil {
		return ""
	}
	ben, dana := names(c.Notice.Agent), c.CustomerName()
	now := "You are still with " + dana
	switch c.Stage {
	case Awaiting:
		now = "The place of " + dana + " is kept"
	case Held, Asking:
		now = dana + " is still on hold"
	}
	still := now
	if !c.BackAt.IsZero() {
		now += fmt.Sprintf(", and you go back by yourself in %d s", int(c.BackAt.Sub(c.Since).Seconds()))
	}
	switch c.Notice.Kind {
	case Passed, Busy:
		if c.Notice.Why != "" {
			return fmt.Sprintf("%s can't right now: %s. %s.", ben, c.Notice.Why, now)
		}
		return fmt.Sprintf("%s can't right now. %s.", ben, now)
	case Machine:
		return fmt.Sprintf("An answering machine answered at %s. %s.", ben, now)
	case NoAnswer, Canceled:
		return fmt.Sprintf("%s didn't answer. %s.", ben, now)
	case Unreachable:
		return fmt.Sprintf("%s can't be reached. %s.", ben, now)
	case Completed:
		return fmt.Sprintf("%s left. %s.", ben, now)
	case NotFreeNow:
		if c.Notice.Team != "" {
			return fmt.Sprintf("Nobody in %s could come. %s.", agent.TeamTitle(c.Notice.Team), now)
		}
		return fmt.Sprintf("%s is not free. %s.", ben, now)
	case Failed:
		if c.Stage == Together {
			return fmt.Sprintf("Connecting %s to %s took too long. You are still in: try again, or leave anyway.", dana, ben)
		}
		if c.Notice.Refusal != (Refusal{}) {
			return c.Notice.Refusal.sentences(ben, now)
		}
		return fmt.Sprintf("Connecting %s did not work. %s: try again, or somebody else.", ben, still)
	case Interrupted:
		if c.Stage == Awaiting {
			return ben + " is not being rung any more."
		}
		return fmt.Sprintf("%s was not rung on when %s lost the connection. %s.", ben, dana, now)
	case NotHeld:
		return notHeldText(c, ben, dana)
	}
	return fmt.Sprintf("%s did not come. %s.", ben, now)
}

// notHeldText is for an owner whose hold the carrier refused.
func notHeldText(c Call, ben, dana string) string {
	switch {
	case c.Stage == Talking && c.Notice.Agent != "":
		return fmt.Sprintf("%s could not be put on hold, so %s was not rung. You still hear each other.", dana, ben)
	case c.Stage == Private:
		return fmt.Sprintf("%s could not be put on hold. You are still in private.", ben)
	}
	return dana + " could not be put on hold. You still hear each other."
}
