// A library of Go for programs in C.
package main

import "C"

//export Double
func Double(number C.int) C.int { return 2 * number }

func main() {}
