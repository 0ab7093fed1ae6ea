#include "format/x509/x509.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/shown.h"

namespace tenon::x509 {
namespace {

constexpr std::uint8_t sequence = 0x30, set = 0x31, oid = 0x06, utc_time = 0x17, long_time = 0x18,
                       version = 0xa0;

struct Element {
  std::uint8_t tag = 0;
  std::string_view content;
};

// Takes one element off the front of `rest`.
Result<Element> take(std::string_view& rest) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(rest[i]); };
  if (rest.size() < 2) return fail(Errc::truncated, "the certificate ends early");
  const std::uint8_t tag = byte(0);
  std::size_t head = 2, size = byte(1);
  if (size >= 0x80) {
    const std::size_t count = size & 0x7fU;
    if (count == 0 || count > 4 || rest.size() < 2 + count) {
      return fail(Errc::malformed, "a length in the certificate");
    }
    size = 0;
    for (std::size_t i = 0; i < count; ++i) size = size << 8U | byte(2 + i);
    head += count;
  }
  if (size > rest.size() - head) return fail(Errc::truncated, "the certificate ends early");
  const Element out{tag, rest.substr(head, size)};
  rest.remove_prefix(head + size);
  return out;
}

Result<std::string_view> expect(std::string_view& rest, std::uint8_t tag, const char* what) {
  const Element element = TENON_TRY(take(rest));
  if (element.tag != tag) return fail(Errc::malformed, what);
  return element.content;
}

// RelativeDistinguishedName after RelativeDistinguishedName; the last value of a kind holds.
std::string name_part(std::string_view name, std::string_view kind) {
  std::string out;
  while (!name.empty()) {
    auto parts = expect(name, set, "a name");
    while (parts && !parts->empty()) {
      auto pair = expect(*parts, sequence, "a part of a name");
      if (!pair) return out;
      const auto type = expect(*pair, oid, "the kind of a part");
      const auto value = type ? take(*pair) : fail(Errc::malformed, "");
      if (!value) return out;
      if (*type == kind) out = Shown::of(value->content).text();
    }
    if (!parts) return out;
  }
  return out;
}

struct Moment {
  std::string day;
  std::int64_t seconds = 0;  // since 1970
};

// UTCTime YYMMDDHHMMSSZ (50 and above is the last century) or GeneralizedTime YYYYMMDDHHMMSSZ: DER
// has no other form of them (RFC 5280, 4.1.2.5).
Result<Moment> moment(std::string_view& rest) {
  const Element element = TENON_TRY(take(rest));
  std::string digits(element.content);
  if (element.tag == utc_time) {
    digits.insert(0, !digits.empty() && digits[0] >= '5' ? "19" : "20");
  } else if (element.tag != long_time) {
    return fail(Errc::malformed, "a date in the certificate");
  }
  constexpr std::size_t size = std::string_view("YYYYMMDDHHMMSS").size();
  if (digits.size() != size + 1 || digits.back() != 'Z' ||
      digits.find_first_not_of("0123456789") != size) {
    return fail(Errc::malformed, "a date in the certificate");
  }
  const auto number = [&](std::size_t from, std::size_t count) {
    int out = 0;
    for (const char c : std::string_view(digits).substr(from, count)) out = out * 10 + (c - '0');
    return out;
  };
  const std::chrono::year_month_day date(std::chrono::year(number(0, 4)),
                                         std::chrono::month(static_cast<unsigned>(number(4, 2))),
                                         std::chrono::day(static_cast<unsigned>(number(6, 2))));
  if (!date.ok() || number(8, 2) > 23 || number(10, 2) > 59 || number(12, 2) > 59) {
    return fail(Errc::malformed, "a date in the certificate");
  }
  const std::chrono::sys_seconds time =
      std::chrono::sys_days(date) + std::chrono::hours(number(8, 2)) +
      std::chrono::minutes(number(10, 2)) + std::chrono::seconds(number(12, 2));
  return Moment{digits.substr(0, 4) + "-" + digits.substr(4, 2) + "-" + digits.substr(6, 2),
                time.time_since_epoch().count()};
}

// RFC 4648, without line ends; empty when a character does not belong there.
std::string from_base64(std::string_view text) {
  constexpr std::string_view alphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  std::uint32_t bits = 0;
  unsigned count = 0;
  for (const char c : text) {
    if (c == '\n' || c == '\r' || c == ' ' || c == '=') continue;
    const std::size_t at = alphabet.find(c);
    if (at == alphabet.npos) return {};
    bits = bits << 6U | static_cast<std::uint32_t>(at);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    out += static_cast<char>(bits >> count & 0xffU);
  }
  return out;
}

}  // namespace

Result<Summary> summarize(ByteView der) {
  std::string_view rest = der.text();
  std::string_view certificate = TENON_TRY(expect(rest, sequence, "this is not a certificate"));
  std::string_view body = TENON_TRY(expect(certificate, sequence, "this is not a certificate"));
  Element element = TENON_TRY(take(body));
  if (element.tag == version) element = TENON_TRY(take(body));  // then the serial number
  TENON_TRY(expect(body, sequence, "the algorithm"));
  const std::string_view issuer = TENON_TRY(expect(body, sequence, "the issuer"));
  std::string_view validity = TENON_TRY(expect(body, sequence, "the validity"));
  const std::string_view subject = TENON_TRY(expect(body, sequence, "the subject"));
  constexpr std::string_view common_name = "\x55\x04\x03", unit = "\x55\x04\x0b";
  Summary out;
  out.subject = name_part(subject, common_name);
  out.issuer = name_part(issuer, common_name);
  out.subject_unit = name_part(subject, unit);
  out.issuer_unit = name_part(issuer, unit);
  out.not_before = TENON_TRY(moment(validity)).day;
  Moment end = TENON_TRY(moment(validity));
  out.not_after = std::move(end.day);
  out.end = end.seconds;
  return out;
}

std::vector<Summary> summarize_pem(std::string_view text) {
  constexpr std::string_view begin = "-----BEGIN CERTIFICATE-----",
                             end = "-----END CERTIFICATE-----";
  std::vector<Summary> out;
  for (std::size_t at = text.find(begin); at != text.npos; at = text.find(begin, at)) {
    at += begin.size();
    const std::size_t stop = text.find(end, at);
    if (stop == text.npos) break;
    const std::string der = from_base64(text.substr(at, stop - at));
    if (auto one = summarize(view_of(der))) out.push_back(*std::move(one));
    at = stop;
  }
  return out;
}

}  // namespace tenon::x509
