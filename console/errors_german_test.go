package console

import (
	"testing"

	"warmdesk/say"
	"warmdesk/staff"
)

// What is wrong with a user is told in German, too: these errors are sentences only here.
func TestStaffErrorsInGerman(t *testing.T) {
	for _, err := range []error{
		staff.ErrID, staff.ErrName, staff.ErrRole, staff.ErrPhone, staff.ErrShort, staff.ErrLong, staff.ErrOwnName,
		staff.ErrTaken, staff.ErrNotFound, staff.ErrLastAdmin, staff.ErrLink, staff.ErrWrong, staff.ErrBusy, staff.ErrSignedOut,
	} {
		told := asAPIError(err)
		if told == nil {
			t.Errorf("%v is nobody's sentence", err)
			continue
		}
		english, german := told.in(say.English), told.in(say.German)
		if english.Message == german.Message {
			t.Errorf("%v: no German for %q", err, english.Message)
		}
	}
}
