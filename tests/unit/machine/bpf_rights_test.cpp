// Bits as in capability.h: CAP_SYS_ADMIN 21, CAP_PERFMON 38, CAP_BPF 39.
#include "machine/bpf_rights.h"

#include <doctest/doctest.h>

using namespace tenon;

TEST_CASE("the rights of a process are read from its status") {
  CHECK(effective_rights("Name:\ta\nCapPrm:\t1\nCapEff:\t000001ffffffffff\n") == 0x1ffffffffffU);
  CHECK(effective_rights("CapEff:\t0000000000000000\n") == 0U);
  CHECK_FALSE(effective_rights("Name:\ta\n"));
  CHECK_FALSE(effective_rights("CapEff:\tnone\n"));
}

TEST_CASE("rights that are missing for programs in the kernel are named") {
  CHECK(missing_bpf_rights(0) == "CAP_BPF and CAP_PERFMON");
  CHECK(missing_bpf_rights(1ULL << 39U) == "CAP_PERFMON");
  CHECK(missing_bpf_rights(1ULL << 38U) == "CAP_BPF");
  CHECK(missing_bpf_rights(3ULL << 38U).empty());
  CHECK(missing_bpf_rights(1ULL << 21U).empty());
}
