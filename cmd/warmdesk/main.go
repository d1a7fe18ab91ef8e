// Command warmdesk is the whole product in one binary: the desk, its pages and,
// unless Twilio is configured, the built-in switchboard.
//
// This package reads flags, environment and files, builds every part, and runs
// until it is told to stop. Nothing else happens here.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // HOURS names a time zone, which the machine may not know

	"github.com/alecthomas/kong"
)

// version is set by the build.
var version = "dev"

// commands is the command line; every option is an environment variable too.
type commands struct {
	Serve       serveCommand       `cmd:"" default:"withargs" help:"Serve the desk (the default)."`
	Credentials credentialsCommand `cmd:"" help:"Show the account of the built-in switchboard, for Twilio's client libraries."`
	Version     versionCommand     `cmd:"" help:"Show the version."`
}

type versionCommand struct{}

func (versionCommand) Run() error {
	fmt.Println("warmdesk", version)
	return nil
}

func main() {
	var c commands
	parser := kong.Parse(&c, kong.Name("warmdesk"),
		kong.Description("A warm-transfer call desk: nobody is ever cut off or left in silence."),
		kong.UsageOnError())
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	parser.BindTo(ctx, (*context.Context)(nil))
	if err := parser.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "warmdesk:", err)
		var half *configError
		if errors.As(err, &half) {
			os.Exit(2)
		}
		os.Exit(1)
	}
}
