//go:build tools

// Package tools names the programs that the driver is checked with, so that their versions are in go.mod.
package tools

import _ "honnef.co/go/tools/cmd/staticcheck"
