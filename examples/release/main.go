// A program with a little C, for releases by goreleaser, make, CMake and Docker.
package main

/*
#include <stdlib.h>
#include <string.h>

static size_t length(const char *text) { return strlen(text); }
*/
import "C"

import (
	"fmt"
	"runtime"
	"unsafe"
)

func main() {
	text := C.CString("cgo")
	defer C.free(unsafe.Pointer(text))
	fmt.Printf("%d letters on %s/%s\n", int(C.length(text)), runtime.GOOS, runtime.GOARCH)
}
