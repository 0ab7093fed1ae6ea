// tenon bench: is B worse than A, by how much, and can that be said at all.
#include <string>
#include <string_view>
#include <utility>

#include "cli/bench/bench.h"
#include "cli/table.h"
#include "cli/term.h"
#include "cli/usage.h"
#include "diag/report.h"
#include "host/process.h"

namespace tenon {
namespace {

int run(const Arguments& arguments) {
  Term term(arguments);
  Report report;
  report.command = "bench";
  catch_interrupts();
  auto options = bench_options(arguments);
  if (!options) return usage(term, report, std::move(options).error());
  const std::string word = arguments.positional.empty() ? "" : arguments.positional.front();
  if (word == "compare") return bench_compare(arguments, term, report, *options);
  if (word == "matrix") return bench_matrix(arguments, term, report, *options);
  if (arguments.has("--samples")) return bench_samples(arguments, term, report, *options);
  if (arguments.has("--http")) return bench_http(arguments, term, report, *options);
  if (arguments.has("--go-bench")) return bench_go(arguments, term, report, *options);
  return bench_programs(arguments, term, report, *options);
}

constexpr OptionSpec options[] = {
    {"--gate", "GATES", "what B may be worse: p99<=+5%,rss<=+10%,size<=+2%"},
    {"--runs", "N", "pairs of runs (default: as many as fit into --for)"},
    {"--for", "TIME", "time for the runs (default: 10s)"},
    {"--timeout", "TIME", "limit of one run (default: 1m) or request (default: 10s)"},
    {"--cpu", "LIST", "processors for the programs, or none (default: all but the first)"},
    {"--env", "NAME=VALUE", "a variable of the programs; may be repeated", true},
    {"--ignore-status", "", "do not take an exit code other than 0 as a failure"},
    {"--startup", "", "time to the first output or the end, memory and size"},
    {"--size", "", "only the sizes of the files; nothing is run"},
    {"--metrics", "LIST", "what to show: time,user,system,cpu,rss,faults,start,size,p90"},
    {"--plan", "", "how many samples the gates need with the shape that is measured"},
    {"--looks", "N", "looks at a gate before the end, 1 to 20 (default: 5)"},
    {"--output", "FILE", "keep all samples, digests and the machine in FILE"},
    {"--http", "", "A and B are URLs; requests leave at a fixed rate"},
    {"--rate", "N", "requests in a second to each URL"},
    {"--duration", "TIME", "how long requests are sent (default: 10s)"},
    {"--requests", "N", "how many, instead of --duration"},
    {"--connections", "N", "at most so many to each URL (default: 256)"},
    {"--header", "LINE", "a header of the requests; may be repeated", true},
    {"--runtime", "PATH", "goroutines and garbage collection, from /debug/vars or /metrics"},
    {"--go-bench", "PKG", "benchmarks of go test; A and B are directories, go commands or texts"},
    {"--count", "N", "runs of each benchmark (default: 10)"},
    {"--bench", "REGEXP", "which benchmarks (default: .)"},
    {"--benchtime", "TIME", "as of go test"},
    {"--samples", "", "A and B are files with numbers"},
    {"--unpaired", "", "the n-th numbers of --samples have nothing to do with each other"},
    {"--resamples", "FILE", "indices of each resample, to compare with another program"},
    {"--draws", "N", "how many resamples are drawn (default: 2000)"},
    {"--seed", "N", "of the random numbers (default: 1)"},
    {"--cross", "", "compare results of different machines all the same"},
    {"--only", "LIST",
     "variants of the matrix: external,internal,nocgo, and on Linux musl,emulated, on macOS "
     "translated"},
    {"--html", "FILE", "the matrix as a page with plots"},
    format_option,
    save_option,
};

constexpr Example examples[] = {
    {"tenon bench old/app new/app --gate 'time<=+3%,rss<=+10%' -- convert in.png",
     "may the new one be released"},
    {"tenon bench old/app new/app --startup", "start-up, memory and size"},
    {"tenon bench --http http://127.0.0.1:8001/ http://127.0.0.1:8002/ --rate 200 --gate p99<=+10%",
     "tail latency of two servers"},
    {"tenon bench --go-bench ./codec old new --gate time<=+2%", "benchmarks of two checkouts"},
    {"tenon bench compare monday.json friday.json", "two results that were kept"},
    {"tenon bench matrix ./cmd/app --html matrix.html", "cgo, link modes and C libraries"},
};

constexpr std::string_view text =
    "Runs A and B in turn (A B B A), bound to processors, and says how much worse B is, with a\n"
    "95 % interval. Arguments of both programs follow --. A gate is held when the whole\n"
    "interval is within its limit, broken when all of it is above, and else cannot be told:\n"
    "then tenon says how many more samples it takes. Quantiles: p50, p99, p99.9.\n"
    "  compare OLD NEW  side B of two files of --output; one file: what it says\n"
    "  matrix PKG       builds PKG with and without cgo, with each link mode and C library\n"
    "Exit code 0: held, or no gate; 1: broken; 2: cannot tell; 3: usage or a program that fails.";

}  // namespace

extern const CommandSpec command_bench;
const CommandSpec command_bench{.name = "bench",
                                .summary = "say whether B is slower or larger than A, and how sure",
                                .usage = "A B [OPTIONS] [-- ARGS]",
                                .description = text,
                                .options = options,
                                .examples = examples,
                                .run = run,
                                .command_behind = true,
                                .operands = "FILE"};

}  // namespace tenon
