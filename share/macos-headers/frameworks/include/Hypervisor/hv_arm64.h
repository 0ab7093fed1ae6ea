// Apple's Hypervisor framework on arm64. Sources: the crates applevisor-sys 1.0.0 and xhypervisor 0.3.0, whose values and
// functions agree but for the order of HV_INTERRUPT_TYPE_*, which public programs decide. Not here: the scalable
// matrix registers, and names for the registers of the GIC's distributor.
#pragma once
#pragma clang system_header

#include <tenon/declare.h>

#include <os/object.h>
#include <mach/error.h>

typedef mach_error_t hv_return_t;

enum {
  HV_SUCCESS = 0,
  HV_ERROR = (int)0xfae94001,
  HV_BUSY = (int)0xfae94002,
  HV_BAD_ARGUMENT = (int)0xfae94003,
  HV_ILLEGAL_GUEST_STATE = (int)0xfae94004,
  HV_NO_RESOURCES = (int)0xfae94005,
  HV_NO_DEVICE = (int)0xfae94006,
  HV_DENIED = (int)0xfae94007,
  HV_FAULT = (int)0xfae94008,
  HV_UNSUPPORTED = (int)0xfae9400f,
};

typedef uint64_t hv_vcpu_t;
typedef uint64_t hv_ipa_t;
typedef uint64_t hv_exception_syndrome_t;
typedef uint64_t hv_exception_address_t;
typedef uint64_t hv_memory_flags_t;
typedef uint64_t hv_allocate_flags_t;
typedef uint32_t hv_gic_distributor_reg_t;
typedef struct hv_vm_config_s *hv_vm_config_t;
typedef struct hv_vcpu_config_s *hv_vcpu_config_t;
typedef struct hv_gic_config_s *hv_gic_config_t;
typedef struct hv_gic_state_s *hv_gic_state_t;
typedef __attribute__((ext_vector_type(16))) uint8_t hv_simd_fp_uchar16_t;

enum {
  HV_MEMORY_READ = 1ull << 0,
  HV_MEMORY_WRITE = 1ull << 1,
  HV_MEMORY_EXEC = 1ull << 2,
};
enum { HV_ALLOCATE_DEFAULT = 0 };

TENON_ENUM_BEGIN(uint32_t, hv_reg_t)
  HV_REG_X0 = 0,
  HV_REG_X1 = 1,
  HV_REG_X2 = 2,
  HV_REG_X3 = 3,
  HV_REG_X4 = 4,
  HV_REG_X5 = 5,
  HV_REG_X6 = 6,
  HV_REG_X7 = 7,
  HV_REG_X8 = 8,
  HV_REG_X9 = 9,
  HV_REG_X10 = 10,
  HV_REG_X11 = 11,
  HV_REG_X12 = 12,
  HV_REG_X13 = 13,
  HV_REG_X14 = 14,
  HV_REG_X15 = 15,
  HV_REG_X16 = 16,
  HV_REG_X17 = 17,
  HV_REG_X18 = 18,
  HV_REG_X19 = 19,
  HV_REG_X20 = 20,
  HV_REG_X21 = 21,
  HV_REG_X22 = 22,
  HV_REG_X23 = 23,
  HV_REG_X24 = 24,
  HV_REG_X25 = 25,
  HV_REG_X26 = 26,
  HV_REG_X27 = 27,
  HV_REG_X28 = 28,
  HV_REG_X29 = 29,
  HV_REG_X30 = 30,
  HV_REG_PC = 31,
  HV_REG_FPCR = 32,
  HV_REG_FPSR = 33,
  HV_REG_CPSR = 34,
  HV_REG_FP = HV_REG_X29,
  HV_REG_LR = HV_REG_X30,
TENON_ENUM_END(hv_reg_t)

TENON_ENUM_BEGIN(uint16_t, hv_sys_reg_t)
  HV_SYS_REG_DBGBVR0_EL1 = 0x8004,
  HV_SYS_REG_DBGBCR0_EL1 = 0x8005,
  HV_SYS_REG_DBGWVR0_EL1 = 0x8006,
  HV_SYS_REG_DBGWCR0_EL1 = 0x8007,
  HV_SYS_REG_DBGBVR1_EL1 = 0x800c,
  HV_SYS_REG_DBGBCR1_EL1 = 0x800d,
  HV_SYS_REG_DBGWVR1_EL1 = 0x800e,
  HV_SYS_REG_DBGWCR1_EL1 = 0x800f,
  HV_SYS_REG_MDCCINT_EL1 = 0x8010,
  HV_SYS_REG_MDSCR_EL1 = 0x8012,
  HV_SYS_REG_DBGBVR2_EL1 = 0x8014,
  HV_SYS_REG_DBGBCR2_EL1 = 0x8015,
  HV_SYS_REG_DBGWVR2_EL1 = 0x8016,
  HV_SYS_REG_DBGWCR2_EL1 = 0x8017,
  HV_SYS_REG_DBGBVR3_EL1 = 0x801c,
  HV_SYS_REG_DBGBCR3_EL1 = 0x801d,
  HV_SYS_REG_DBGWVR3_EL1 = 0x801e,
  HV_SYS_REG_DBGWCR3_EL1 = 0x801f,
  HV_SYS_REG_DBGBVR4_EL1 = 0x8024,
  HV_SYS_REG_DBGBCR4_EL1 = 0x8025,
  HV_SYS_REG_DBGWVR4_EL1 = 0x8026,
  HV_SYS_REG_DBGWCR4_EL1 = 0x8027,
  HV_SYS_REG_DBGBVR5_EL1 = 0x802c,
  HV_SYS_REG_DBGBCR5_EL1 = 0x802d,
  HV_SYS_REG_DBGWVR5_EL1 = 0x802e,
  HV_SYS_REG_DBGWCR5_EL1 = 0x802f,
  HV_SYS_REG_DBGBVR6_EL1 = 0x8034,
  HV_SYS_REG_DBGBCR6_EL1 = 0x8035,
  HV_SYS_REG_DBGWVR6_EL1 = 0x8036,
  HV_SYS_REG_DBGWCR6_EL1 = 0x8037,
  HV_SYS_REG_DBGBVR7_EL1 = 0x803c,
  HV_SYS_REG_DBGBCR7_EL1 = 0x803d,
  HV_SYS_REG_DBGWVR7_EL1 = 0x803e,
  HV_SYS_REG_DBGWCR7_EL1 = 0x803f,
  HV_SYS_REG_DBGBVR8_EL1 = 0x8044,
  HV_SYS_REG_DBGBCR8_EL1 = 0x8045,
  HV_SYS_REG_DBGWVR8_EL1 = 0x8046,
  HV_SYS_REG_DBGWCR8_EL1 = 0x8047,
  HV_SYS_REG_DBGBVR9_EL1 = 0x804c,
  HV_SYS_REG_DBGBCR9_EL1 = 0x804d,
  HV_SYS_REG_DBGWVR9_EL1 = 0x804e,
  HV_SYS_REG_DBGWCR9_EL1 = 0x804f,
  HV_SYS_REG_DBGBVR10_EL1 = 0x8054,
  HV_SYS_REG_DBGBCR10_EL1 = 0x8055,
  HV_SYS_REG_DBGWVR10_EL1 = 0x8056,
  HV_SYS_REG_DBGWCR10_EL1 = 0x8057,
  HV_SYS_REG_DBGBVR11_EL1 = 0x805c,
  HV_SYS_REG_DBGBCR11_EL1 = 0x805d,
  HV_SYS_REG_DBGWVR11_EL1 = 0x805e,
  HV_SYS_REG_DBGWCR11_EL1 = 0x805f,
  HV_SYS_REG_DBGBVR12_EL1 = 0x8064,
  HV_SYS_REG_DBGBCR12_EL1 = 0x8065,
  HV_SYS_REG_DBGWVR12_EL1 = 0x8066,
  HV_SYS_REG_DBGWCR12_EL1 = 0x8067,
  HV_SYS_REG_DBGBVR13_EL1 = 0x806c,
  HV_SYS_REG_DBGBCR13_EL1 = 0x806d,
  HV_SYS_REG_DBGWVR13_EL1 = 0x806e,
  HV_SYS_REG_DBGWCR13_EL1 = 0x806f,
  HV_SYS_REG_DBGBVR14_EL1 = 0x8074,
  HV_SYS_REG_DBGBCR14_EL1 = 0x8075,
  HV_SYS_REG_DBGWVR14_EL1 = 0x8076,
  HV_SYS_REG_DBGWCR14_EL1 = 0x8077,
  HV_SYS_REG_DBGBVR15_EL1 = 0x807c,
  HV_SYS_REG_DBGBCR15_EL1 = 0x807d,
  HV_SYS_REG_DBGWVR15_EL1 = 0x807e,
  HV_SYS_REG_DBGWCR15_EL1 = 0x807f,
  HV_SYS_REG_MIDR_EL1 = 0xc000,
  HV_SYS_REG_MPIDR_EL1 = 0xc005,
  HV_SYS_REG_ID_AA64PFR0_EL1 = 0xc020,
  HV_SYS_REG_ID_AA64PFR1_EL1 = 0xc021,
  HV_SYS_REG_ID_AA64ZFR0_EL1 = 0xc024,
  HV_SYS_REG_ID_AA64SMFR0_EL1 = 0xc025,
  HV_SYS_REG_ID_AA64DFR0_EL1 = 0xc028,
  HV_SYS_REG_ID_AA64DFR1_EL1 = 0xc029,
  HV_SYS_REG_ID_AA64ISAR0_EL1 = 0xc030,
  HV_SYS_REG_ID_AA64ISAR1_EL1 = 0xc031,
  HV_SYS_REG_ID_AA64MMFR0_EL1 = 0xc038,
  HV_SYS_REG_ID_AA64MMFR1_EL1 = 0xc039,
  HV_SYS_REG_ID_AA64MMFR2_EL1 = 0xc03a,
  HV_SYS_REG_SCTLR_EL1 = 0xc080,
  HV_SYS_REG_CPACR_EL1 = 0xc082,
  HV_SYS_REG_ACTLR_EL1 = 0xc081,
  HV_SYS_REG_SMPRI_EL1 = 0xc094,
  HV_SYS_REG_SMCR_EL1 = 0xc096,
  HV_SYS_REG_TTBR0_EL1 = 0xc100,
  HV_SYS_REG_TTBR1_EL1 = 0xc101,
  HV_SYS_REG_TCR_EL1 = 0xc102,
  HV_SYS_REG_APIAKEYLO_EL1 = 0xc108,
  HV_SYS_REG_APIAKEYHI_EL1 = 0xc109,
  HV_SYS_REG_APIBKEYLO_EL1 = 0xc10a,
  HV_SYS_REG_APIBKEYHI_EL1 = 0xc10b,
  HV_SYS_REG_APDAKEYLO_EL1 = 0xc110,
  HV_SYS_REG_APDAKEYHI_EL1 = 0xc111,
  HV_SYS_REG_APDBKEYLO_EL1 = 0xc112,
  HV_SYS_REG_APDBKEYHI_EL1 = 0xc113,
  HV_SYS_REG_APGAKEYLO_EL1 = 0xc118,
  HV_SYS_REG_APGAKEYHI_EL1 = 0xc119,
  HV_SYS_REG_SPSR_EL1 = 0xc200,
  HV_SYS_REG_ELR_EL1 = 0xc201,
  HV_SYS_REG_SP_EL0 = 0xc208,
  HV_SYS_REG_AFSR0_EL1 = 0xc288,
  HV_SYS_REG_AFSR1_EL1 = 0xc289,
  HV_SYS_REG_ESR_EL1 = 0xc290,
  HV_SYS_REG_FAR_EL1 = 0xc300,
  HV_SYS_REG_PAR_EL1 = 0xc3a0,
  HV_SYS_REG_MAIR_EL1 = 0xc510,
  HV_SYS_REG_AMAIR_EL1 = 0xc518,
  HV_SYS_REG_VBAR_EL1 = 0xc600,
  HV_SYS_REG_CONTEXTIDR_EL1 = 0xc681,
  HV_SYS_REG_TPIDR_EL1 = 0xc684,
  HV_SYS_REG_SCXTNUM_EL1 = 0xc687,
  HV_SYS_REG_CNTKCTL_EL1 = 0xc708,
  HV_SYS_REG_CSSELR_EL1 = 0xd000,
  HV_SYS_REG_TPIDR_EL0 = 0xde82,
  HV_SYS_REG_TPIDRRO_EL0 = 0xde83,
  HV_SYS_REG_TPIDR2_EL0 = 0xde85,
  HV_SYS_REG_SCXTNUM_EL0 = 0xde87,
  HV_SYS_REG_CNTV_CTL_EL0 = 0xdf19,
  HV_SYS_REG_CNTV_CVAL_EL0 = 0xdf1a,
  HV_SYS_REG_SP_EL1 = 0xe208,
  HV_SYS_REG_CNTP_CTL_EL0 = 0xdf11,
  HV_SYS_REG_CNTP_CVAL_EL0 = 0xdf12,
  HV_SYS_REG_CNTP_TVAL_EL0 = 0xdf10,
  HV_SYS_REG_CNTHCTL_EL2 = 0xe708,
  HV_SYS_REG_CNTHP_CTL_EL2 = 0xe711,
  HV_SYS_REG_CNTHP_CVAL_EL2 = 0xe712,
  HV_SYS_REG_CNTHP_TVAL_EL2 = 0xe710,
  HV_SYS_REG_CNTVOFF_EL2 = 0xe703,
  HV_SYS_REG_CPTR_EL2 = 0xe08a,
  HV_SYS_REG_ELR_EL2 = 0xe201,
  HV_SYS_REG_ESR_EL2 = 0xe290,
  HV_SYS_REG_FAR_EL2 = 0xe300,
  HV_SYS_REG_HCR_EL2 = 0xe088,
  HV_SYS_REG_HPFAR_EL2 = 0xe304,
  HV_SYS_REG_MAIR_EL2 = 0xe510,
  HV_SYS_REG_MDCR_EL2 = 0xe019,
  HV_SYS_REG_SCTLR_EL2 = 0xe080,
  HV_SYS_REG_SPSR_EL2 = 0xe200,
  HV_SYS_REG_SP_EL2 = 0xf208,
  HV_SYS_REG_TCR_EL2 = 0xe102,
  HV_SYS_REG_TPIDR_EL2 = 0xe682,
  HV_SYS_REG_TTBR0_EL2 = 0xe100,
  HV_SYS_REG_TTBR1_EL2 = 0xe101,
  HV_SYS_REG_VBAR_EL2 = 0xe600,
  HV_SYS_REG_VMPIDR_EL2 = 0xe005,
  HV_SYS_REG_VPIDR_EL2 = 0xe000,
  HV_SYS_REG_VTCR_EL2 = 0xe10a,
  HV_SYS_REG_VTTBR_EL2 = 0xe108,
TENON_ENUM_END(hv_sys_reg_t)

TENON_ENUM_BEGIN(uint32_t, hv_simd_fp_reg_t)
  HV_SIMD_FP_REG_Q0 = 0,
  HV_SIMD_FP_REG_Q1 = 1,
  HV_SIMD_FP_REG_Q2 = 2,
  HV_SIMD_FP_REG_Q3 = 3,
  HV_SIMD_FP_REG_Q4 = 4,
  HV_SIMD_FP_REG_Q5 = 5,
  HV_SIMD_FP_REG_Q6 = 6,
  HV_SIMD_FP_REG_Q7 = 7,
  HV_SIMD_FP_REG_Q8 = 8,
  HV_SIMD_FP_REG_Q9 = 9,
  HV_SIMD_FP_REG_Q10 = 10,
  HV_SIMD_FP_REG_Q11 = 11,
  HV_SIMD_FP_REG_Q12 = 12,
  HV_SIMD_FP_REG_Q13 = 13,
  HV_SIMD_FP_REG_Q14 = 14,
  HV_SIMD_FP_REG_Q15 = 15,
  HV_SIMD_FP_REG_Q16 = 16,
  HV_SIMD_FP_REG_Q17 = 17,
  HV_SIMD_FP_REG_Q18 = 18,
  HV_SIMD_FP_REG_Q19 = 19,
  HV_SIMD_FP_REG_Q20 = 20,
  HV_SIMD_FP_REG_Q21 = 21,
  HV_SIMD_FP_REG_Q22 = 22,
  HV_SIMD_FP_REG_Q23 = 23,
  HV_SIMD_FP_REG_Q24 = 24,
  HV_SIMD_FP_REG_Q25 = 25,
  HV_SIMD_FP_REG_Q26 = 26,
  HV_SIMD_FP_REG_Q27 = 27,
  HV_SIMD_FP_REG_Q28 = 28,
  HV_SIMD_FP_REG_Q29 = 29,
  HV_SIMD_FP_REG_Q30 = 30,
  HV_SIMD_FP_REG_Q31 = 31,
TENON_ENUM_END(hv_simd_fp_reg_t)

TENON_ENUM_BEGIN(uint32_t, hv_exit_reason_t)
  HV_EXIT_REASON_CANCELED = 0,
  HV_EXIT_REASON_EXCEPTION = 1,
  HV_EXIT_REASON_VTIMER_ACTIVATED = 2,
  HV_EXIT_REASON_UNKNOWN = 3,
TENON_ENUM_END(hv_exit_reason_t)

TENON_ENUM_BEGIN(uint32_t, hv_interrupt_type_t)
  HV_INTERRUPT_TYPE_IRQ = 0,
  HV_INTERRUPT_TYPE_FIQ = 1,
TENON_ENUM_END(hv_interrupt_type_t)

TENON_ENUM_BEGIN(uint32_t, hv_cache_type_t)
  HV_CACHE_TYPE_DATA = 0,
  HV_CACHE_TYPE_INSTRUCTION = 1,
TENON_ENUM_END(hv_cache_type_t)

TENON_ENUM_BEGIN(uint32_t, hv_feature_reg_t)
  HV_FEATURE_REG_ID_AA64DFR0_EL1 = 0,
  HV_FEATURE_REG_ID_AA64DFR1_EL1 = 1,
  HV_FEATURE_REG_ID_AA64ISAR0_EL1 = 2,
  HV_FEATURE_REG_ID_AA64ISAR1_EL1 = 3,
  HV_FEATURE_REG_ID_AA64MMFR0_EL1 = 4,
  HV_FEATURE_REG_ID_AA64MMFR1_EL1 = 5,
  HV_FEATURE_REG_ID_AA64MMFR2_EL1 = 6,
  HV_FEATURE_REG_ID_AA64PFR0_EL1 = 7,
  HV_FEATURE_REG_ID_AA64PFR1_EL1 = 8,
  HV_FEATURE_REG_CTR_EL0 = 9,
  HV_FEATURE_REG_CLIDR_EL1 = 10,
  HV_FEATURE_REG_DCZID_EL0 = 11,
  HV_FEATURE_REG_ID_AA64SMFR0_EL1 = 12,
  HV_FEATURE_REG_ID_AA64ZFR0_EL1 = 13,
TENON_ENUM_END(hv_feature_reg_t)

TENON_ENUM_BEGIN(uint32_t, hv_gic_redistributor_reg_t)
  HV_GIC_REDISTRIBUTOR_REG_TYPER = 8,
  HV_GIC_REDISTRIBUTOR_REG_PIDR2 = 0xffe8,
  HV_GIC_REDISTRIBUTOR_REG_IGROUPR0 = 0x10080,
  HV_GIC_REDISTRIBUTOR_REG_ISENABLER0 = 0x10100,
  HV_GIC_REDISTRIBUTOR_REG_ICENABLER0 = 0x10180,
  HV_GIC_REDISTRIBUTOR_REG_ISPENDR0 = 0x10200,
  HV_GIC_REDISTRIBUTOR_REG_ICPENDR0 = 0x10280,
  HV_GIC_REDISTRIBUTOR_REG_ISACTIVER0 = 0x10300,
  HV_GIC_REDISTRIBUTOR_REG_ICACTIVER0 = 0x10380,
  HV_GIC_REDISTRIBUTOR_REG_IPRIORITYR0 = 0x10400,
  HV_GIC_REDISTRIBUTOR_REG_IPRIORITYR1 = 0x10404,
  HV_GIC_REDISTRIBUTOR_REG_IPRIORITYR2 = 0x10408,
  HV_GIC_REDISTRIBUTOR_REG_IPRIORITYR3 = 0x1040c,
  HV_GIC_REDISTRIBUTOR_REG_IPRIORITYR4 = 0x10410,
  HV_GIC_REDISTRIBUTOR_REG_IPRIORITYR5 = 0x10414,
  HV_GIC_REDISTRIBUTOR_REG_IPRIORITYR6 = 0x10418,
  HV_GIC_REDISTRIBUTOR_REG_IPRIORITYR7 = 0x1041c,
  HV_GIC_REDISTRIBUTOR_REG_ICFGR0 = 0x10c00,
  HV_GIC_REDISTRIBUTOR_REG_ICFGR1 = 0x10c04,
TENON_ENUM_END(hv_gic_redistributor_reg_t)

TENON_ENUM_BEGIN(uint16_t, hv_gic_icc_reg_t)
  HV_GIC_ICC_REG_PMR_EL1 = 0xc230,
  HV_GIC_ICC_REG_BPR0_EL1 = 0xc643,
  HV_GIC_ICC_REG_AP0R0_EL1 = 0xc644,
  HV_GIC_ICC_REG_AP1R0_EL1 = 0xc648,
  HV_GIC_ICC_REG_RPR_EL1 = 0xc65b,
  HV_GIC_ICC_REG_BPR1_EL1 = 0xc663,
  HV_GIC_ICC_REG_CTLR_EL1 = 0xc664,
  HV_GIC_ICC_REG_SRE_EL1 = 0xc665,
  HV_GIC_ICC_REG_IGRPEN0_EL1 = 0xc666,
  HV_GIC_ICC_REG_IGRPEN1_EL1 = 0xc667,
  HV_GIC_ICC_REG_SRE_EL2 = 0xe64d,
TENON_ENUM_END(hv_gic_icc_reg_t)

TENON_ENUM_BEGIN(uint16_t, hv_gic_ich_reg_t)
  HV_GIC_ICH_REG_AP0R0_EL2 = 0xe640,
  HV_GIC_ICH_REG_AP1R0_EL2 = 0xe648,
  HV_GIC_ICH_REG_HCR_EL2 = 0xe658,
  HV_GIC_ICH_REG_VTR_EL2 = 0xe659,
  HV_GIC_ICH_REG_MISR_EL2 = 0xe65a,
  HV_GIC_ICH_REG_EISR_EL2 = 0xe65b,
  HV_GIC_ICH_REG_ELRSR_EL2 = 0xe65d,
  HV_GIC_ICH_REG_VMCR_EL2 = 0xe65f,
  HV_GIC_ICH_REG_LR0_EL2 = 0xe660,
  HV_GIC_ICH_REG_LR1_EL2 = 0xe661,
  HV_GIC_ICH_REG_LR2_EL2 = 0xe662,
  HV_GIC_ICH_REG_LR3_EL2 = 0xe663,
  HV_GIC_ICH_REG_LR4_EL2 = 0xe664,
  HV_GIC_ICH_REG_LR5_EL2 = 0xe665,
  HV_GIC_ICH_REG_LR6_EL2 = 0xe666,
  HV_GIC_ICH_REG_LR7_EL2 = 0xe667,
  HV_GIC_ICH_REG_LR8_EL2 = 0xe668,
  HV_GIC_ICH_REG_LR9_EL2 = 0xe669,
  HV_GIC_ICH_REG_LR10_EL2 = 0xe66a,
  HV_GIC_ICH_REG_LR11_EL2 = 0xe66b,
  HV_GIC_ICH_REG_LR12_EL2 = 0xe66c,
  HV_GIC_ICH_REG_LR13_EL2 = 0xe66d,
  HV_GIC_ICH_REG_LR14_EL2 = 0xe66e,
  HV_GIC_ICH_REG_LR15_EL2 = 0xe66f,
TENON_ENUM_END(hv_gic_ich_reg_t)

TENON_ENUM_BEGIN(uint16_t, hv_gic_icv_reg_t)
  HV_GIC_ICV_REG_PMR_EL1 = 0xc230,
  HV_GIC_ICV_REG_BPR0_EL1 = 0xc643,
  HV_GIC_ICV_REG_AP0R0_EL1 = 0xc644,
  HV_GIC_ICV_REG_AP1R0_EL1 = 0xc648,
  HV_GIC_ICV_REG_RPR_EL1 = 0xc65b,
  HV_GIC_ICV_REG_BPR1_EL1 = 0xc663,
  HV_GIC_ICV_REG_CTLR_EL1 = 0xc664,
  HV_GIC_ICV_REG_SRE_EL1 = 0xc665,
  HV_GIC_ICV_REG_IGRPEN0_EL1 = 0xc666,
  HV_GIC_ICV_REG_IGRPEN1_EL1 = 0xc667,
TENON_ENUM_END(hv_gic_icv_reg_t)

TENON_ENUM_BEGIN(uint16_t, hv_gic_msi_reg_t)
  HV_GIC_MSI_REG_TYPER = 8,
  HV_GIC_MSI_REG_SET_SPI_NSR = 0x40,
TENON_ENUM_END(hv_gic_msi_reg_t)

TENON_ENUM_BEGIN(uint16_t, hv_gic_intid_t)
  HV_GIC_INT_PERFORMANCE_MONITOR = 23,
  HV_GIC_INT_MAINTENANCE = 25,
  HV_GIC_INT_EL2_PHYSICAL_TIMER = 26,
  HV_GIC_INT_EL1_VIRTUAL_TIMER = 27,
  HV_GIC_INT_EL1_PHYSICAL_TIMER = 30,
TENON_ENUM_END(hv_gic_intid_t)

TENON_ENUM_BEGIN(uint32_t, hv_ipa_granule_t)
  HV_IPA_GRANULE_4KB = 0,
  HV_IPA_GRANULE_16KB = 1,
TENON_ENUM_END(hv_ipa_granule_t)

typedef struct {
  hv_exception_syndrome_t syndrome;
  hv_exception_address_t virtual_address;
  hv_ipa_t physical_address;
} hv_vcpu_exit_exception_t;

typedef struct {
  hv_exit_reason_t reason;
  hv_vcpu_exit_exception_t exception;
} hv_vcpu_exit_t;

TENON_DECLARATIONS_BEGIN
hv_vm_config_t hv_vm_config_create(void);
hv_return_t hv_vm_create(hv_vm_config_t config);
hv_return_t hv_vm_destroy(void);
hv_return_t hv_vm_allocate(void **uvap, size_t size, hv_allocate_flags_t flags);
hv_return_t hv_vm_deallocate(const void *uvap, size_t size);
hv_return_t hv_vm_config_get_max_ipa_size(uint32_t *ipa_bit_length);
hv_return_t hv_vm_config_get_default_ipa_size(uint32_t *ipa_bit_length);
hv_return_t hv_vm_config_set_ipa_size(hv_vm_config_t config, uint32_t ipa_bit_length);
hv_return_t hv_vm_config_get_ipa_size(hv_vm_config_t config, uint32_t *ipa_bit_length);
hv_return_t hv_vm_config_get_el2_supported(bool *el2_supported);
hv_return_t hv_vm_config_get_el2_enabled(hv_vm_config_t config, bool *el2_enabled);
hv_return_t hv_vm_config_set_el2_enabled(hv_vm_config_t config, bool el2_enabled);
hv_return_t hv_vm_config_get_default_ipa_granule(hv_ipa_granule_t *granule);
hv_return_t hv_vm_config_get_ipa_granule(hv_vm_config_t config, hv_ipa_granule_t *granule);
hv_return_t hv_vm_config_set_ipa_granule(hv_vm_config_t config, hv_ipa_granule_t granule);
hv_vcpu_config_t hv_vcpu_config_create(void);
hv_return_t hv_vcpu_config_get_feature_reg(hv_vcpu_config_t config, hv_feature_reg_t feature_reg, uint64_t *value);
hv_return_t hv_vcpu_config_get_ccsidr_el1_sys_reg_values(hv_vcpu_config_t config, hv_cache_type_t cache_type,
    uint64_t *values);
hv_return_t hv_vm_get_max_vcpu_count(uint32_t *max_vcpu_count);
hv_return_t hv_vcpu_create(hv_vcpu_t *vcpu, const hv_vcpu_exit_t **exit, hv_vcpu_config_t config);
hv_return_t hv_vcpu_destroy(hv_vcpu_t vcpu);
hv_return_t hv_vcpu_run(hv_vcpu_t vcpu);
hv_return_t hv_vcpus_exit(const hv_vcpu_t *vcpus, uint32_t vcpu_count);
hv_return_t hv_vcpu_get_pending_interrupt(hv_vcpu_t vcpu, hv_interrupt_type_t type, bool *pending);
hv_return_t hv_vcpu_set_pending_interrupt(hv_vcpu_t vcpu, hv_interrupt_type_t type, bool pending);
hv_return_t hv_vcpu_get_exec_time(hv_vcpu_t vcpu, uint64_t *time);
hv_return_t hv_vcpu_get_reg(hv_vcpu_t vcpu, hv_reg_t reg, uint64_t *value);
hv_return_t hv_vcpu_set_reg(hv_vcpu_t vcpu, hv_reg_t reg, uint64_t value);
hv_return_t hv_vcpu_get_simd_fp_reg(hv_vcpu_t vcpu, hv_simd_fp_reg_t reg, hv_simd_fp_uchar16_t *value);
hv_return_t hv_vcpu_set_simd_fp_reg(hv_vcpu_t vcpu, hv_simd_fp_reg_t reg, hv_simd_fp_uchar16_t value);
hv_return_t hv_vcpu_get_sys_reg(hv_vcpu_t vcpu, hv_sys_reg_t reg, uint64_t *value);
hv_return_t hv_vcpu_set_sys_reg(hv_vcpu_t vcpu, hv_sys_reg_t reg, uint64_t value);
hv_return_t hv_vcpu_get_trap_debug_exceptions(hv_vcpu_t vcpu, bool *value);
hv_return_t hv_vcpu_set_trap_debug_exceptions(hv_vcpu_t vcpu, bool value);
hv_return_t hv_vcpu_get_trap_debug_reg_accesses(hv_vcpu_t vcpu, bool *value);
hv_return_t hv_vcpu_set_trap_debug_reg_accesses(hv_vcpu_t vcpu, bool value);
hv_return_t hv_vm_map(const void *addr, hv_ipa_t ipa, size_t size, hv_memory_flags_t flags);
hv_return_t hv_vm_unmap(hv_ipa_t ipa, size_t size);
hv_return_t hv_vm_protect(hv_ipa_t ipa, size_t size, hv_memory_flags_t flags);
hv_return_t hv_vcpu_get_vtimer_mask(hv_vcpu_t vcpu, bool *vtimer_is_masked);
hv_return_t hv_vcpu_set_vtimer_mask(hv_vcpu_t vcpu, bool vtimer_is_masked);
hv_return_t hv_vcpu_get_vtimer_offset(hv_vcpu_t vcpu, uint64_t *vtimer_offset);
hv_return_t hv_vcpu_set_vtimer_offset(hv_vcpu_t vcpu, uint64_t vtimer_offset);
hv_gic_config_t hv_gic_config_create(void);
hv_return_t hv_gic_config_set_distributor_base(hv_gic_config_t config, hv_ipa_t distributor_base_address);
hv_return_t hv_gic_config_set_redistributor_base(hv_gic_config_t config, hv_ipa_t redistributor_base_address);
hv_return_t hv_gic_config_set_msi_region_base(hv_gic_config_t config, hv_ipa_t msi_region_base_address);
hv_return_t hv_gic_config_set_msi_interrupt_range(hv_gic_config_t config, uint32_t msi_intid_base,
    uint32_t msi_intid_count);
hv_return_t hv_gic_create(hv_gic_config_t gic_config);
hv_return_t hv_gic_set_spi(uint32_t intid, bool level);
hv_return_t hv_gic_send_msi(hv_ipa_t address, uint32_t intid);
hv_return_t hv_gic_get_distributor_reg(hv_gic_distributor_reg_t reg, uint64_t *value);
hv_return_t hv_gic_set_distributor_reg(hv_gic_distributor_reg_t reg, uint64_t value);
hv_return_t hv_gic_get_redistributor_base(hv_vcpu_t vcpu, hv_ipa_t *redistributor_base_address);
hv_return_t hv_gic_get_redistributor_reg(hv_vcpu_t vcpu, hv_gic_redistributor_reg_t reg, uint64_t *value);
hv_return_t hv_gic_set_redistributor_reg(hv_vcpu_t vcpu, hv_gic_redistributor_reg_t reg, uint64_t value);
hv_return_t hv_gic_get_icc_reg(hv_vcpu_t vcpu, hv_gic_icc_reg_t reg, uint64_t *value);
hv_return_t hv_gic_set_icc_reg(hv_vcpu_t vcpu, hv_gic_icc_reg_t reg, uint64_t value);
hv_return_t hv_gic_get_ich_reg(hv_vcpu_t vcpu, hv_gic_ich_reg_t reg, uint64_t *value);
hv_return_t hv_gic_set_ich_reg(hv_vcpu_t vcpu, hv_gic_ich_reg_t reg, uint64_t value);
hv_return_t hv_gic_get_icv_reg(hv_vcpu_t vcpu, hv_gic_icv_reg_t reg, uint64_t *value);
hv_return_t hv_gic_set_icv_reg(hv_vcpu_t vcpu, hv_gic_icv_reg_t reg, uint64_t value);
hv_return_t hv_gic_get_msi_reg(hv_gic_msi_reg_t reg, uint64_t *value);
hv_return_t hv_gic_set_msi_reg(hv_gic_msi_reg_t reg, uint64_t value);
hv_return_t hv_gic_set_state(const void *gic_state_data, size_t gic_state_size);
hv_return_t hv_gic_reset(void);
hv_return_t hv_gic_get_distributor_size(size_t *distributor_size);
hv_return_t hv_gic_get_distributor_base_alignment(size_t *distributor_base_alignment);
hv_return_t hv_gic_get_redistributor_region_size(size_t *redistributor_region_size);
hv_return_t hv_gic_get_redistributor_size(size_t *redistributor_size);
hv_return_t hv_gic_get_redistributor_base_alignment(size_t *redistributor_base_alignment);
hv_return_t hv_gic_get_msi_region_size(size_t *msi_region_size);
hv_return_t hv_gic_get_msi_region_base_alignment(size_t *msi_region_base_alignment);
hv_return_t hv_gic_get_spi_interrupt_range(uint32_t *spi_intid_base, uint32_t *spi_intid_count);
hv_return_t hv_gic_get_intid(hv_gic_intid_t interrupt, uint32_t *intid);
hv_gic_state_t hv_gic_state_create(void);
hv_return_t hv_gic_state_get_size(hv_gic_state_t state, size_t *gic_state_size);
hv_return_t hv_gic_state_get_data(hv_gic_state_t state, void *gic_state_data);
TENON_DECLARATIONS_END
