// URLs, requests, and where responses end (RFC 9112).
#include "bench/http/http.h"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "bench/http/runtime_figures.h"

namespace tenon::bench {
namespace {

// Takes the bytes one by one; what was not taken stays in `rest`.
ResponseReader read_slowly(std::string_view bytes, std::size_t* rest = nullptr) {
  ResponseReader out;
  std::size_t at = 0;
  while (at < bytes.size() && !out.done() && !out.broken()) at += out.take(bytes.substr(at, 1));
  if (rest != nullptr) *rest = bytes.size() - at;
  return out;
}

}  // namespace

TEST_CASE("parts of a URL") {
  const auto url = parse_url("http://[::1]:8080/a?b=c#d");
  REQUIRE(url.has_value());
  CHECK(url->host == "::1");
  CHECK(url->port == 8080);
  CHECK(url->authority == "[::1]:8080");
  CHECK(url->target == "/a?b=c");
  CHECK(parse_url("http://host?x")->target == "/?x");
  CHECK(parse_url("http://host")->port == 80);
  for (const char* text : {"https://host/", "ftp://host/", "http://", "http://:80/",
                           "http://host:0/", "http://host:70000/", "http://u@host/", "http://[::1/",
                           "http://ho st/", "http://host:80x/", "http://h/\r\nX: y"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_url(text).has_value());
  }
}

TEST_CASE("a request") {
  const auto url = parse_url("http://host:81/x");
  REQUIRE(url.has_value());
  CHECK(request_text(*url, {"accept: text/html"}) ==
        "GET /x HTTP/1.1\r\nHost: host:81\r\nUser-Agent: tenon-bench\r\naccept: text/html\r\n\r\n");
  CHECK(is_header("A: b"));
  CHECK_FALSE(is_header("A b"));
  CHECK_FALSE(is_header(": b"));
  CHECK_FALSE(is_header("A: b\r\nC: d"));
}

TEST_CASE("where a response ends") {
  std::size_t rest = 0;
  auto reader = read_slowly("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcX", &rest);
  CHECK(reader.done());
  CHECK(reader.status() == 200);
  CHECK(reader.keep_alive());
  CHECK(rest == 1);
  CHECK(read_slowly("HTTP/1.1 204 No\r\n\r\n").done());
  CHECK(read_slowly(
            "HTTP/1.1 200 OK\r\ntransfer-encoding: Chunked\r\n\r\n3;x\r\nabc\r\n0\r\nT: u\r\n\r\n")
            .done());
  CHECK(read_slowly("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 404 N\r\nContent-Length: 0\r\n\r\n")
            .status() == 404);
  CHECK_FALSE(read_slowly("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
                  .keep_alive());
  CHECK_FALSE(read_slowly("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n").keep_alive());
  auto open = read_slowly("HTTP/1.1 200 OK\r\n\r\nabc");
  CHECK_FALSE(open.done());
  open.closed();
  CHECK(open.done());
  auto cut = read_slowly("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc");
  cut.closed();
  CHECK(cut.broken());
}

TEST_CASE("figures of Go's runtime") {
  const auto of = [](std::string_view body, std::string_view status = "200 OK") {
    return runtime_figures("HTTP/1.0 " + std::string(status) + "\r\nA: b\r\n\r\n" +
                           std::string(body));
  };
  // The keys of runtime.MemStats as package expvar writes them.
  const auto expvar = of(
      R"({"cmdline": ["x"], "goroutines": 7, "memstats": {"PauseTotalNs": 123456, "NumGC": 3}})");
  REQUIRE(expvar);
  CHECK(expvar->goroutines == 7);
  CHECK(expvar->collections == 3);
  CHECK(expvar->pause_ns == 123456);
  // The names of the Go collector of Prometheus' client.
  const auto prometheus =
      of("# TYPE go_gc_duration_seconds summary\ngo_gc_duration_seconds{quantile=\"0\"} 1e-05\n"
         "go_gc_duration_seconds_sum 0.0025\ngo_gc_duration_seconds_count 12\n"
         "go_goroutines 9 1700000000000\n");
  REQUIRE(prometheus);
  CHECK(prometheus->goroutines == 9);
  CHECK(prometheus->collections == 12);
  CHECK(*prometheus->pause_ns == doctest::Approx(2.5e6));
  CHECK_FALSE(of(R"({"memstats": {"NumGC": "3"}})"));
  CHECK_FALSE(of("up 1\n"));
  CHECK_FALSE(of("go_goroutines 9\n", "404 Not Found"));
  CHECK_FALSE(of("{"));
  CHECK_FALSE(runtime_figures("go_goroutines 9\n"));
}

TEST_CASE("what is no response") {
  CHECK(read_slowly("SSH-2.0-x\r\n").broken());
  CHECK(read_slowly("HTTP/1.1 OK\r\n").broken());
  CHECK(read_slowly("HTTP/1.1 200 OK\r\nno colon\r\n").broken());
  CHECK(read_slowly("HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n").broken());
  CHECK(read_slowly("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n").broken());
  CHECK(read_slowly("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n").broken());
  CHECK(read_slowly(std::string(70'000, 'a')).broken());
}

}  // namespace tenon::bench
