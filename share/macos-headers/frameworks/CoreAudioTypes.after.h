static __inline__ __attribute__((always_inline)) UInt32 AudioChannelLayoutTag_GetNumberOfChannels(AudioChannelLayoutTag tag) {
  return tag & 0xFFFF;
}
