#include "bench/run/http_runtime.h"

#include <array>
#include <chrono>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "bench/http/http.h"
#include "bench/http/runtime_figures.h"
#include "host/tcp_client.h"

namespace tenon::bench {
namespace {

constexpr std::size_t largest = std::size_t{16} << 20U;

// Moves what can be moved; true when the other side ended the connection.
Result<bool> step(const TcpConnection& connection, std::string_view request, std::size_t& written,
                  std::string& response) {
  if (connection.connect_error() != 0) return fail(Errc::io, "cannot connect");
  if (written < request.size()) {
    const auto moved = connection.write(request.substr(written));
    if (moved.os_errno != 0) return fail(Errc::io, "the connection broke off");
    written += moved.count;
  }
  std::array<char, 65536> buffer;
  while (true) {
    const auto moved = connection.read(buffer);
    if (moved.os_errno != 0) return fail(Errc::io, "the connection broke off");
    response.append(buffer.data(), moved.count);
    if (response.size() > largest) return fail(Errc::limit, "the response is over 16 MB");
    if (moved.closed) return true;
    if (moved.count == 0) return false;
  }
}

}  // namespace

Result<RuntimeFigures> ask_runtime(std::string_view url, const std::string& path,
                                   const std::vector<std::string>& headers,
                                   std::chrono::milliseconds limit) {
  Url server = TENON_TRY(parse_url(url));
  server.target = path;
  std::string request = request_text(server, headers);
  constexpr std::string_view version = " HTTP/1.1\r\n";
  request.replace(request.find(version), version.size(), " HTTP/1.0\r\n");
  const TcpAddress address = TENON_TRY(find_tcp_address(server.host, server.port));
  const TcpConnection connection = TENON_TRY(TcpConnection::begin(address));
  const auto until = std::chrono::steady_clock::now() + limit;
  std::string response;
  std::size_t written = 0;
  bool connected = false;
  while (std::chrono::steady_clock::now() < until) {
    TcpWait wait{connection.descriptor(), connected, written < request.size(), false};
    wait_for_connections(std::span(&wait, 1), std::chrono::milliseconds(50));
    if (!wait.ready) continue;
    connected = true;
    if (TENON_TRY(step(connection, request, written, response))) return runtime_figures(response);
  }
  return fail(Errc::timeout, "no answer in time");
}

}  // namespace tenon::bench
