// Programs over HTTP/2: gRPC and net/http, with a planted cause or none.
//
//	serve                    prints the addresses of a gRPC server and of an HTTPS server, waits
//	MODE GRPC HTTPS COUNT    COUNT requests, then half a second of nothing
package main

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/health"
	health_pb "google.golang.org/grpc/health/grpc_health_v1"
)

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func serve() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	check(err)
	server := grpc.NewServer()
	health_pb.RegisterHealthServer(server, health.NewServer())
	web := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "y") }))
	web.EnableHTTP2 = true
	web.StartTLS()
	fmt.Println(listener.Addr(), web.URL)
	check(server.Serve(listener))
}

func dial(address string) *grpc.ClientConn {
	out, err := grpc.NewClient(address, grpc.WithTransportCredentials(insecure.NewCredentials()))
	check(err)
	return out
}

func call(connection *grpc.ClientConn) {
	_, err := health_pb.NewHealthClient(connection).Check(context.Background(), &health_pb.HealthCheckRequest{})
	check(err)
}

func client() *http.Client {
	return &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, ForceAttemptHTTP2: true}}
}

func get(client *http.Client, url string) {
	answer, err := client.Get(url)
	check(err)
	if answer.ProtoMajor != 2 {
		check(fmt.Errorf("not HTTP/2: %s", answer.Proto))
	}
	io.Copy(io.Discard, answer.Body)
	answer.Body.Close()
}

func main() {
	if os.Args[1] == "serve" {
		serve()
		return
	}
	address, url := os.Args[2], os.Args[3]
	count, err := strconv.Atoi(os.Args[4])
	check(err)
	one, shared := dial(address), client()
	for i := 0; i < count; i++ {
		switch os.Args[1] {
		case "grpc_client":
			connection := dial(address)
			call(connection)
			connection.Close()
		case "clean_grpc":
			call(one)
		case "h2_client":
			own := client()
			get(own, url)
			own.CloseIdleConnections()
		case "clean_h2":
			get(shared, url)
		}
	}
	time.Sleep(500 * time.Millisecond)
	one.Close()
}
