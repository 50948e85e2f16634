/* The bytes of common_passwords.txt as they are; common_passwords.cpp looks into them. */
        .section .rodata
        .global spectacles_common_passwords, spectacles_common_passwords_end
spectacles_common_passwords:
        .incbin "accounts/common_passwords.txt"
spectacles_common_passwords_end:
        .byte 0
        .section .note.GNU-stack,"",@progbits
