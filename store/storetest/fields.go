package storetest

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"warmdesk/call"
	"warmdesk/desk"
)

// everyField fills each field of a call with a value of its own, so that a field
// added to package call and forgotten by the store is noticed.
func everyField(t *testing.T, s Store) {
	var c call.Call
	fields := 0
	fill(t, reflect.ValueOf(&c).Elem(), &fields)
	c.Account, c.Stage = "AC1", call.Talking
	save(t, s, desk.Save{Call: c})
	got, _ := load(t, s, c.ID)
	same(t, got, c)
}

func fill(t *testing.T, v reflect.Value, n *int) {
	*n++
	switch v.Interface().(type) {
	case time.Time:
		v.Set(reflect.ValueOf(Now().Add(time.Duration(*n) * time.Nanosecond)))
		return
	case []call.News: // not stored
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(fmt.Sprint("value ", *n))
	case reflect.Int, reflect.Int64:
		v.SetInt(int64(*n))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(t, v.Elem(), n)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range 2 {
			fill(t, v.Index(i), n)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			fill(t, v.Field(i), n)
		}
	default:
		t.Fatalf("cannot fill a %s", v.Type())
	}
}
