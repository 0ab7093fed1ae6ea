// Programs with one planted cause each, and clean ones, for `tenon trace net`. "serve" is the other
// side of all of them.
package main

import (
	"bufio"
	"context"
	"crypto/tls"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"
)

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

// --- a database whose protocol is one line for one line

type lineDriver struct{}
type lineConn struct {
	net.Conn
	in *bufio.Reader
}

func (lineDriver) Open(name string) (driver.Conn, error) {
	c, err := net.Dial("tcp", name)
	if err != nil {
		return nil, err
	}
	return &lineConn{c, bufio.NewReader(c)}, nil
}
func (c *lineConn) Prepare(string) (driver.Stmt, error) { return nil, errors.New("no statements") }
func (c *lineConn) Begin() (driver.Tx, error)           { return nil, errors.New("no transactions") }
func (c *lineConn) ExecContext(_ context.Context, q string, _ []driver.NamedValue) (driver.Result, error) {
	if _, err := io.WriteString(c, q+"\n"); err != nil {
		return nil, err
	}
	_, err := c.in.ReadString('\n')
	return driver.RowsAffected(1), err
}

func serve(closes bool) {
	lines, err := net.Listen("tcp", "127.0.0.1:0")
	must(err)
	go func() {
		for {
			c, err := lines.Accept()
			must(err)
			go func() {
				in := bufio.NewReader(c)
				for {
					s, err := in.ReadString('\n')
					if err != nil {
						break
					}
					time.Sleep(2 * time.Millisecond)
					io.WriteString(c, s)
				}
				c.Close()
			}()
		}
	}()
	mux := http.NewServeMux()
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		if closes {
			w.Header().Set("Connection", "close")
		}
		time.Sleep(2 * time.Millisecond)
		size, _ := strconv.Atoi(r.URL.Query().Get("size"))
		io.WriteString(w, strings.Repeat("x", size))
	})
	quiet := log.New(io.Discard, "", 0)
	plain := httptest.NewUnstartedServer(mux)
	plain.Config.ErrorLog = quiet
	plain.Start()
	secure := httptest.NewUnstartedServer(mux)
	secure.Config.ErrorLog = quiet
	secure.StartTLS()
	fmt.Println(plain.URL, secure.URL, lines.Addr())
	select {}
}

// --- the client's side

func get(c *http.Client, url string, read bool) {
	r, err := c.Get(url)
	must(err)
	if read {
		io.Copy(io.Discard, r.Body)
	}
	r.Body.Close()
}

// `each` in `wide` goroutines at once, `rounds` times, each round to its end.
func bursts(wide, rounds int, each func()) {
	for i := 0; i < rounds; i++ {
		var all sync.WaitGroup
		for j := 0; j < wide; j++ {
			all.Add(1)
			go func() { defer all.Done(); each() }()
		}
		all.Wait()
	}
}

func main() {
	mode := os.Args[1]
	if mode == "serve" {
		serve(len(os.Args) > 2)
		return
	}
	plain, secure, lines := os.Args[2], os.Args[3], os.Args[4]
	count := 40
	if len(os.Args) > 5 && mode != "names" {
		count, _ = strconv.Atoi(os.Args[5])
	}
	base := func() *http.Transport { return http.DefaultTransport.(*http.Transport).Clone() }
	client := func(change func(*http.Transport)) *http.Client {
		t := base()
		change(t)
		return &http.Client{Transport: t}
	}
	same := func(*http.Transport) {}
	switch mode {
	case "pool": // MaxIdleConnsPerHost is 2
		c := client(same)
		bursts(16, count/4, func() { get(c, plain+"?size=10", true) })
	case "pool_all": // MaxIdleConns is smaller than what runs at once
		c := client(func(t *http.Transport) { t.MaxIdleConnsPerHost = 64; t.MaxIdleConns = 1 })
		bursts(16, count/4, func() { get(c, plain+"?size=10", true) })
	case "sql_pool": // SetMaxIdleConns is 2
		sql.Register("line", lineDriver{})
		db, _ := sql.Open("line", lines)
		db.SetMaxOpenConns(16)
		bursts(16, count/4, func() { _, err := db.Exec("q"); must(err) })
	case "keep_alive":
		c := client(func(t *http.Transport) { t.DisableKeepAlives = true })
		bursts(1, count, func() { get(c, plain+"?size=10", true) })
	case "request_close":
		c := client(same)
		bursts(1, count, func() {
			q, _ := http.NewRequest("GET", plain+"?size=10", nil)
			q.Close = true
			r, err := c.Do(q)
			must(err)
			io.Copy(io.Discard, r.Body)
			r.Body.Close()
		})
	case "drain": // more than fits into any buffer
		c := client(same)
		bursts(1, count, func() { get(c, plain+"?size=8000000", false) })
	case "drain_tls":
		c := client(func(t *http.Transport) { t.TLSClientConfig = &tls.Config{InsecureSkipVerify: true} })
		c.Transport.(*http.Transport).ForceAttemptHTTP2 = false
		bursts(1, count, func() { get(c, secure+"?size=8000000", false) })
	case "client": // a client for each request
		bursts(1, count, func() {
			c := client(same)
			get(c, plain+"?size=10", true)
			c.CloseIdleConnections()
		})
	case "sql_client":
		sql.Register("line", lineDriver{})
		bursts(1, count, func() {
			db, _ := sql.Open("line", lines)
			_, err := db.Exec("q")
			must(err)
			db.Close()
		})
	case "peer": // the server says Connection: close, or closes
		c := client(same)
		bursts(1, count, func() { get(c, plain+"?size=10", true) })
	case "idle":
		c := client(func(t *http.Transport) { t.IdleConnTimeout = 20 * time.Millisecond })
		bursts(1, count, func() { get(c, plain+"?size=10", true); time.Sleep(40 * time.Millisecond) })
	case "tcp": // no library that keeps connections
		bursts(1, count, func() {
			c, err := net.Dial("tcp", lines)
			must(err)
			io.WriteString(c, "q\n")
			bufio.NewReader(c).ReadString('\n')
			c.Close()
		})

	case "clean_pool":
		c := client(func(t *http.Transport) { t.MaxIdleConnsPerHost = 16 })
		bursts(16, count/4, func() { get(c, plain+"?size=10", true) })
		c.CloseIdleConnections()
	case "clean_one":
		c := client(same)
		bursts(1, count, func() { get(c, plain+"?size=10", true) })
	case "clean_sql":
		sql.Register("line", lineDriver{})
		db, _ := sql.Open("line", lines)
		db.SetMaxOpenConns(16)
		db.SetMaxIdleConns(16)
		bursts(16, count/4, func() { _, err := db.Exec("q"); must(err) })
		db.Close()
	case "clean_tcp":
		c, err := net.Dial("tcp", lines)
		must(err)
		in := bufio.NewReader(c)
		bursts(1, count, func() { io.WriteString(c, "q\n"); in.ReadString('\n') })
		c.Close()
	case "clean_tls":
		c := client(func(t *http.Transport) {
			t.TLSClientConfig = &tls.Config{InsecureSkipVerify: true}
			t.MaxIdleConnsPerHost = 8
		})
		bursts(8, count/4, func() { get(c, secure+"?size=1000", true) })
	case "clean_large":
		c := client(same)
		bursts(2, count/4, func() { get(c, plain+"?size=300000", true) })

	case "lookup": // each name by net.Resolver, some of them by an address of a server
		var r net.Resolver
		for i := 0; i < count; i++ {
			name := fmt.Sprintf("%s%d.example.test", plain, i)
			if i%2 == 0 {
				r.LookupHost(context.Background(), name)
			} else {
				r.LookupIPAddr(context.Background(), name)
			}
		}
	case "names": // each of those given
		for _, name := range os.Args[5:] {
			net.DefaultResolver.LookupIPAddr(context.Background(), name)
		}
	case "exhaust": // at a steady rate, until no port is left
		rate, _ := strconv.ParseFloat(os.Args[6], 64)
		start := time.Now()
		for i := 0; ; i++ {
			time.Sleep(time.Until(start.Add(time.Duration(float64(i) / rate * 1e9))))
			c, err := net.Dial("tcp", lines)
			if err != nil {
				fmt.Printf("failed after %.2f s and %d: %v\n", time.Since(start).Seconds(), i, err)
				return
			}
			io.WriteString(c, "q\n")
			bufio.NewReader(c).ReadString('\n')
			c.Close()
		}
	default:
		must(errors.New("unknown mode " + mode))
	}
}
