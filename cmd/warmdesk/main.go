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
	"strings"
	"syscall"
	_ "time/tzdata" // HOURS names a time zone, which the machine may not know

	"github.com/alecthomas/kong"
)

// version is set by the build.
var version = "dev"

// commands is the command line; every option is an environment variable too.
type commands struct {
	Serve   serveCommand `cmd:"" default:"withargs" help:"Serve the desk (the default)."`
	EnvFile string       `name:"env-file" default:"warmdesk.env" placeholder:"FILE" help:"File of settings, NAME=value on each line. The environment wins."`

	Setup       setupCommand       `cmd:"" help:"Make a Twilio account ready for this desk: number, API key, TwiML application, env file."`
	Doctor      doctorCommand      `cmd:"" help:"Look at everything a desk needs, and say what is wrong and what to do."`
	Fallback    fallbackCommand    `cmd:"" help:"Print the TwiML that callers are to hear while no desk answers."`
	Credentials credentialsCommand `cmd:"" help:"Show the account of the built-in switchboard, for Twilio's client libraries."`
	User        userCommand        `cmd:"" help:"Say who may sign in."`
	Audit       auditCommand       `cmd:"" help:"Show the audit trail: who did what to whom, and from where."`
	Version     versionCommand     `cmd:"" help:"Show the version."`
	Erase       eraseCommand       `cmd:"" help:"Take a person out of their calls: recordings, names, numbers, notes, messages."`
}

type versionCommand struct{}

func (versionCommand) Run() error {
	fmt.Println("warmdesk", version)
	return nil
}

func main() {
	file, err := settingsOf(os.Args[1:])
	if err != nil {
		fail(err)
	}
	var c commands
	parser := kong.Parse(&c, kong.Name("warmdesk"),
		kong.Description("A warm-transfer call desk: nobody is ever cut off or left in silence."),
		kong.UsageOnError())
	if err := openly(parser.Path); err != nil {
		fail(err)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	parser.BindTo(ctx, (*context.Context)(nil))
	if file.named && !file.exists && !strings.HasPrefix(parser.Command(), "setup") {
		fail(wrong("--env-file names %s, which is not there", file.path))
	}
	if err := parser.Run(file); err != nil {
		fail(discreet{err, c.Serve.secrets()})
	}
}

// openly refuses secrets that are given as arguments: everybody on the machine can
// read those of a running program (ps).
func openly(path []*kong.Path) error {
	for _, p := range path {
		if p.Flag != nil && !p.Resolved && p.Flag.Tag.Has("secret") {
			return wrong("--%s would show a secret to everybody on this machine (ps has it); nothing was started; set %s in the environment or in warmdesk.env, and change the secret",
				p.Flag.Name, p.Flag.Envs[0])
		}
	}
	return nil
}

// settingsOf reads the env file that the arguments name, or the one of this
// folder, into the environment, and says so.
func settingsOf(args []string) (*envFile, error) {
	file, err := readEnvFile(envFileArgument(args))
	if err != nil || !file.exists {
		return file, err
	}
	warning, err := file.trusted()
	if err != nil {
		return nil, err
	}
	overruled, err := file.apply()
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(os.Stderr, "warmdesk: settings from %s\n", file.path)
	if len(overruled) > 0 {
		fmt.Fprintf(os.Stderr, "warmdesk: the environment has another %s and wins\n", strings.Join(overruled, ", "))
	}
	if warning != "" {
		fmt.Fprintln(os.Stderr, "warmdesk: warning:", warning)
	}
	return file, nil
}

// fail ends the program with a line that says why: 2 is a configuration that
// must be changed.
func fail(err error) {
	fmt.Fprintln(os.Stderr, "warmdesk:", err)
	var half *configError
	if errors.As(err, &half) {
		os.Exit(2)
	}
	os.Exit(1)
}
