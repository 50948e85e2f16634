/* The bytes of time_zones.txt, a name a line, between line breaks; preferences.cpp looks into them. */
        .section .rodata
        .global spectacles_time_zones, spectacles_time_zones_end
spectacles_time_zones:
        .ascii "\n"
        .incbin "accounts/time_zones.txt"
spectacles_time_zones_end:
        .byte 0
        .section .note.GNU-stack,"",@progbits
