package speech

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"
	"github.com/tetratelabs/wazero/experimental/sysfs"
	"github.com/tetratelabs/wazero/imports/wasi_snapshot_preview1"
)

// engine runs flite. Every sentence is one run of the command
//
//	flite -voice slt -t TEXT -o speech.wav
//
// in a fresh instance of the module, whose only file system is one file in memory.
type engine struct {
	wasm   func() ([]byte, error)
	logger *slog.Logger
	slots  chan struct{} // one token for each run under way
	pool   sync.Pool     // of *memory; given back to the system when unused

	mu     sync.Mutex // held while compiling
	closed bool
	flite  *flite // nil until needed
}

// flite is the compiled synthesiser.
type flite struct {
	runtime wazero.Runtime
	module  wazero.CompiledModule
}

func newEngine(wasm func() ([]byte, error), parallel int, logger *slog.Logger) *engine {
	return &engine{
		wasm:   wasm,
		logger: logger,
		slots:  make(chan struct{}, parallel),
		pool:   sync.Pool{New: func() any { return new(memory) }},
	}
}

// say returns text as a WAV file at flite's own level, in 16 bits; its rate makes
// the voice t. It blocks while as many runs as allowed are under way.
func (e *engine) say(ctx context.Context, text string, t timbre) (io.Reader, error) {
	if e.wasm == nil {
		return nil, ErrNoEngine
	}
	select {
	case e.slots <- struct{}{}:
		defer func() { <-e.slots }()
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	started := time.Now()
	flite, err := e.compile(ctx)
	if err != nil {
		return nil, err
	}
	wav, err := flite.run(ctx, &e.pool,
		"flite", "-voice", t.flite,
		"--setf", fmt.Sprintf("duration_stretch=%.2f", float64(t.size)/100),
		"-t", text, "-o", outputName)
	if err != nil {
		return nil, err
	}
	e.logger.Debug("synthesised speech", "characters", len(text), "took", time.Since(started))
	return resize(wav, t.size)
}

// compile returns the compiled flite, compiling it at the first call.
func (e *engine) compile(ctx context.Context) (*flite, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		return nil, ErrClosed
	}
	if e.flite != nil {
		return e.flite, nil
	}
	wasm, err := e.wasm()
	if err != nil {
		return nil, fmt.Errorf("read flite: %w", err)
	}
	points := &safepoints{}
	// What is compiled serves everybody: it is not part of ctx's errand.
	ctx = experimental.WithFunctionListenerFactory(context.WithoutCancel(ctx), points)
	r := wazero.NewRuntimeWithConfig(ctx, wazero.NewRuntimeConfig().WithMemoryLimitPages(memoryLimit/wasmPage))
	wasi_snapshot_preview1.MustInstantiate(ctx, r) // fails only where it was done before
	module, err := r.CompileModule(ctx, wasm)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("compile flite: %w", err), r.Close(ctx))
	}
	if points.found != len(safepointFunctions) {
		e.logger.Warn("this build of flite lacks the functions in which speech can be interrupted; calls may stutter while it speaks",
			"found", points.found, "wanted", len(safepointFunctions))
	}
	e.flite = &flite{r, module}
	return e.flite, nil
}

// run runs the command and returns the file it wrote.
func (f *flite) run(ctx context.Context, memories *sync.Pool, args ...string) ([]byte, error) {
	m := memories.Get().(*memory)
	defer memories.Put(m)
	out := new(outputFile)
	var said strings.Builder // flite's complaints
	config := wazero.NewModuleConfig().
		WithName(""). // anonymous: several run at once
		WithArgs(args...).WithStdout(&said).WithStderr(&said).
		WithFSConfig(wazero.NewFSConfig().(sysfs.FSConfig).WithSysFSMount(outputFS{file: out}, "/"))
	instance, err := f.runtime.InstantiateModule(experimental.WithMemoryAllocator(ctx, m), f.module, config)
	if ctx.Err() != nil {
		err = context.Cause(ctx)
	} else if err != nil {
		err = fmt.Errorf("run flite: %w", err)
	} else if out.data.Len() == 0 {
		err = fmt.Errorf("flite said nothing: %q", said.String())
	}
	if instance != nil {
		err = errors.Join(err, instance.Close(context.WithoutCancel(ctx)))
	}
	return out.data.Bytes(), err
}

// close waits for the runs under way and frees what was compiled.
func (e *engine) close() error {
	e.mu.Lock()
	e.closed = true
	f := e.flite
	e.flite = nil
	e.mu.Unlock()
	if f == nil {
		return nil
	}
	for range cap(e.slots) {
		e.slots <- struct{}{}
	}
	defer func() {
		for range cap(e.slots) {
			<-e.slots
		}
	}()
	return f.runtime.Close(context.Background())
}

// resize makes whoever speaks in wav larger or smaller, by percent: the samples
// stay, the rate at which they are to be played is changed. The speech was asked
// for slower or faster by the same measure.
func resize(wav []byte, size int) (io.Reader, error) {
	const rateAt = 24 // in the canonical 44-byte header, which flite writes
	if len(wav) < 44 || string(wav[:4]) != "RIFF" || string(wav[12:16]) != "fmt " {
		return nil, errors.New("flite wrote no WAV file")
	}
	rate := binary.LittleEndian.Uint32(wav[rateAt:])
	binary.LittleEndian.PutUint32(wav[rateAt:], rate*uint32(size)/100)
	return bytes.NewReader(wav), nil
}

// safepointFunctions are functions of flite that are called every few
// milliseconds in each part of its work, and not much more often: choosing
// durations and parameters by decision trees and phones, making room for them,
// smoothing them, and filtering each 5 ms of sound.
var safepointFunctions = map[string]bool{
	"cart_interpret": true, "phone_feature": true, "sbrk": true, "pow": true, "log": true, "b2en": true,
}

// safepoints makes flite call into Go from the safepointFunctions.
//
// Compiled WebAssembly cannot be preempted. A garbage collection that begins while
// it runs has to wait for it, and everything else waits for the collection: without
// this, a sentence of 6 s stopped every call in the process for up to 280 ms; with it,
// for some 3 ms. wazero's own remedy, WithCloseOnContextDone, calls into Go from every
// turn of every loop, which makes flite six times slower.
//
// The same calls are where a run notices that its context has ended.
type safepoints struct {
	found int
}

// NewFunctionListener is called for each function when flite is compiled.
func (s *safepoints) NewFunctionListener(f api.FunctionDefinition) experimental.FunctionListener {
	if !safepointFunctions[f.Name()] {
		return nil
	}
	s.found++
	return s
}

// Before ends the run, by way of the panic that wazero turns into an error, when
// its context has ended.
func (*safepoints) Before(ctx context.Context, _ api.Module, _ api.FunctionDefinition, _ []uint64, _ experimental.StackIterator) {
	if err := ctx.Err(); err != nil {
		panic(err)
	}
}

// After does nothing.
func (*safepoints) After(context.Context, api.Module, api.FunctionDefinition, []uint64) {}

// Abort does nothing.
func (*safepoints) Abort(context.Context, api.Module, api.FunctionDefinition, error) {}
