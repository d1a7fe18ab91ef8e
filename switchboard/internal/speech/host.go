package speech

import (
	"bytes"
	"io/fs"

	"github.com/tetratelabs/wazero/experimental"
	xsys "github.com/tetratelabs/wazero/experimental/sys"
	"github.com/tetratelabs/wazero/sys"
)

// What flite sees of the world: a root directory in which it can create one file,
// and a bounded memory.

const outputName = "speech.wav"

// outputFS is that root directory.
type outputFS struct {
	xsys.UnimplementedFS
	file *outputFile
}

// OpenFile opens the root or creates the file; there is nothing else.
func (f outputFS) OpenFile(path string, flag xsys.Oflag, _ fs.FileMode) (xsys.File, xsys.Errno) {
	switch {
	case path == ".":
		return rootDir{}, 0
	case path == outputName && flag&xsys.O_CREAT != 0:
		return f.file, 0
	}
	return nil, xsys.ENOENT
}

type rootDir struct{ xsys.UnimplementedFile }

// IsDir says yes: WASI opens files below directories only.
func (rootDir) IsDir() (bool, xsys.Errno) { return true, 0 }

// Stat says the same to the C library.
func (rootDir) Stat() (sys.Stat_t, xsys.Errno) { return sys.Stat_t{Mode: fs.ModeDir}, 0 }

// outputFile collects what flite writes, which it does from front to back.
type outputFile struct {
	xsys.UnimplementedFile
	data bytes.Buffer
}

// Write appends b; speech longer than we accept is a full disk.
func (f *outputFile) Write(b []byte) (int, xsys.Errno) {
	if f.data.Len()+len(b) > maxWAV {
		return 0, xsys.EIO
	}
	f.data.Write(b)
	return len(b), 0
}

// Stat says that it is a plain file.
func (f *outputFile) Stat() (sys.Stat_t, xsys.Errno) {
	return sys.Stat_t{Mode: 0o600, Size: int64(f.data.Len())}, 0
}

// Close does nothing.
func (f *outputFile) Close() xsys.Errno { return 0 }

const (
	wasmPage = 64 << 10
	// memoryLimit is for the worst of pieces, two hundred digits; a common one
	// takes 20 MB, of which 17 are the voices.
	memoryLimit = 128 << 20
	// memoryReserve is allocated at first, so that growing seldom has to copy.
	memoryReserve = 32 << 20
)

// memory is the linear memory of one run at a time, used again by the next. Were
// it left to wazero, every sentence would make 40 MB of garbage.
type memory struct {
	buf  []byte
	used uint64 // bytes of buf that the last run may have written
}

// Allocate returns m, cleared: it is wazero's experimental.MemoryAllocator.
func (m *memory) Allocate(_, _ uint64) experimental.LinearMemory {
	clear(m.buf[:m.used])
	m.used = 0
	return m
}

// Reallocate returns the memory with the given size, which only ever grows in a run.
func (m *memory) Reallocate(size uint64) []byte {
	if size > memoryLimit {
		return nil
	}
	if size > uint64(len(m.buf)) {
		larger := make([]byte, max(size+size/4, memoryReserve))
		touch(larger)
		copy(larger, m.buf[:m.used])
		m.buf = larger
	}
	m.used = size
	return m.buf[:size]
}

// Free keeps the memory for the next run.
func (m *memory) Free() {}

// touch makes the system give us the pages of b now. Copying 17 MB of voices onto
// pages that are not there yet cannot be preempted, just as flite cannot, and took
// up to 90 ms on a virtual machine; this loop can.
func touch(b []byte) {
	for i := 0; i < len(b); i += 4096 {
		b[i] = 0
	}
}
