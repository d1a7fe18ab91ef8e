package call

import (
	"strconv"
	"time"
)

// A rating is the customer's own word on the call, from 1 to MostStars, given once
// on the page they called from.
const (
	MostStars = 5
	RateTime  = time.Hour // after the call's end
)

// rate takes the customer's rating.
func (c *Call) rate(e Rate, now time.Time) *RefusedError {
	switch {
	case e.Stars < 1 || e.Stars > MostStars:
		return &RefusedError{Code: BadRequest, Message: "A rating is a whole number from 1 to 5. Nothing was noted."}
	case c.Stage != Ending && c.Stage != Ended:
		return &RefusedError{Code: NotNow, Message: "The call is not over yet. You can rate it afterwards."}
	case c.TalkedAt.IsZero():
		return &RefusedError{Code: NotNow, Message: "Nobody spoke with you in this call, so there is nothing to rate."}
	case c.Stars != 0:
		return &RefusedError{Code: NotNow, Message: "You have rated this call already. Thank you."}
	case !c.EndedAt.IsZero() && now.Sub(c.EndedAt) > RateTime:
		return &RefusedError{Code: NotNow, Message: "This call was too long ago to be rated."}
	}
	c.Stars = e.Stars
	c.report(now, News{Kind: NewsRated, Why: strconv.Itoa(e.Stars)})
	return nil
}
