// A fault of the hardware becomes a panic; what the deferred functions of the frame can see is as the statements before it left it.
package main

import (
	"fmt"
	"runtime/debug"
	"syscall"
)

func fill(dst []byte) (n int, err error) {
	defer func() { err, _ = recover().(error) }()
	for i := range dst {
		dst[i] = 1
		n++
	}
	return
}

func fillCaptured(dst []byte) string {
	report := ""
	func() {
		step := 0
		defer func() {
			recover()
			report = fmt.Sprint(step)
		}()
		for i := range dst {
			dst[i] = 2
			step = 3*i + 1
		}
	}()
	return report
}

func fillParameter(dst []byte, n int) (err error) {
	defer func() {
		recover()
		err = fmt.Errorf("at %d", n)
	}()
	for i := range dst {
		n += 2
		dst[i] = 3
	}
	return nil
}

func main() {
	debug.SetPanicOnFault(true)
	page := syscall.Getpagesize()
	data, err := syscall.Mmap(-1, 0, 4*page, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		panic(err)
	}
	if err := syscall.Mprotect(data[2*page:3*page], syscall.PROT_NONE); err != nil {
		panic(err)
	}
	n, err := fill(data[5:])
	fmt.Println(n == 2*page-5, err != nil)
	n, err = fill(data[:page])
	fmt.Println(n == page, err)
	fmt.Println(fillCaptured(data))
	fmt.Println(fillParameter(data[page:], 100))
}
