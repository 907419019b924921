package where

import (
	"os"
	"testing"
)

func TestPWD(t *testing.T) {
	wd, err := os.Getwd()
	a, err1 := os.Stat(wd)
	b, err2 := os.Stat(os.Getenv("PWD"))
	if err != nil || err1 != nil || err2 != nil || !os.SameFile(a, b) {
		t.Fatal(wd, os.Getenv("PWD"))
	}
}
