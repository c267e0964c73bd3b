/*
 * A guest without an operating system: it dirties memory at a set pace, keeps its processor as busy as it is told to, and says on
 * its serial line that it lives. It is there in a moment, and a migrated one goes on counting where it was.
 *
 * Words of its command line: fill=MiB written once, set=MiB dirtied over and over, rate=pages a second, busy=percent.
 * It writes `tick N` every second.
 */
#include <stdint.h>

#define PAGE 4096u
#define HERTZ 100u

__attribute__((section(".multiboot"), used)) static const uint32_t multiboot[] = {
    0x1BADB002u, 0u, (uint32_t)-0x1BADB002};

static uint8_t stack[16384] __attribute__((aligned(16), used));
static volatile uint32_t ticks;

static inline void out(uint16_t port, uint8_t value) { __asm__ volatile("outb %0, %1" ::"a"(value), "Nd"(port)); }

static inline uint8_t in(uint16_t port)
{
    uint8_t value;
    __asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"(port));
    return value;
}

static void put(char sign)
{
    while (!(in(0x3FD) & 0x20)) {
    }
    out(0x3F8, (uint8_t)sign);
}

static void say(const char *text)
{
    while (*text) put(*text++);
}

static void say_number(uint32_t number)
{
    char digits[11];
    int i = 10;
    digits[10] = 0;
    do digits[--i] = (char)('0' + number % 10);
    while (number /= 10);
    say(digits + i);
}

static uint32_t word(const char *line, const char *name)
{
    for (; *line; line++) {
        const char *at = line, *of = name;
        while (*of && *at == *of) at++, of++;
        if (*of || *at != '=') continue;
        uint32_t value = 0;
        for (at++; *at >= '0' && *at <= '9'; at++) value = value * 10 + (uint32_t)(*at - '0');
        return value;
    }
    return 0;
}

struct frame;

__attribute__((interrupt)) static void on_timer(struct frame *unused)
{
    (void)unused;
    ticks++;
    out(0x20, 0x20);
}

static uint64_t segments[] = {0, 0x00CF9A000000FFFFull, 0x00CF92000000FFFFull};
static uint64_t gates[33];

struct __attribute__((packed)) table {
    uint16_t limit;
    uint32_t base;
};

static void set_up(void)
{
    struct table gdt = {sizeof segments - 1, (uint32_t)segments};
    struct table idt = {sizeof gates - 1, (uint32_t)gates};
    uint32_t handler = (uint32_t)on_timer;
    gates[32] = ((uint64_t)(handler >> 16) << 48) | 0x00008E0000080000ull | (handler & 0xFFFFu);
    __asm__ volatile("lgdt %0\n ljmp $8, $1f\n1: mov $16, %%ax\n mov %%ax, %%ds\n mov %%ax, %%es\n mov %%ax, %%ss\n lidt %1"
                     ::"m"(gdt), "m"(idt) : "eax");
    /* The interrupts of the first controller begin at 32; all but the timer's are off. */
    out(0x20, 0x11), out(0x21, 32), out(0x21, 4), out(0x21, 1), out(0x21, 0xFE);
    out(0xA1, 0xFF);
    uint32_t every = 1193182u / HERTZ;
    out(0x43, 0x34), out(0x40, (uint8_t)every), out(0x40, (uint8_t)(every >> 8));
}

static void fill(uint8_t *from, uint32_t pages, uint32_t seed)
{
    for (uint32_t page = 0; page < pages; page++)
        for (uint32_t at = 0; at < PAGE; at += 64) *(uint32_t *)(from + page * PAGE + at) = (seed += 2654435761u) | 1u;
}

__attribute__((used)) static void live(const uint32_t *information)
{
    const char *line = (information[0] & 4u) ? (const char *)information[4] : "";
    uint32_t pages = word(line, "set") * 256u, idle = word(line, "fill") * 256u, rate = word(line, "rate"), busy = word(line, "busy");
    /* Above what the firmware and this program use. */
    uint8_t *set = (uint8_t *)0x400000u;
    out(0x3F9, 0), out(0x3FB, 3);
    set_up();
    fill(set, pages, 1u);
    fill(set + pages * PAGE, idle, 2u);
    say("ready\n");
    __asm__ volatile("sti");

    uint32_t seen = 0, owed = 0, chance = 12345u, written = 0;
    for (;;) {
        if (seen == ticks) {
            /* Of each ten ticks the first so many are spent at work. */
            if (ticks % 10u * 10u >= busy) __asm__ volatile("hlt");
            continue;
        }
        seen++;
        if (pages) {
            owed += rate;
            for (; owed >= HERTZ; owed -= HERTZ) {
                chance = chance * 1664525u + 1013904223u;
                *(volatile uint32_t *)(set + ((chance >> 8) % pages) * PAGE) = ++written;
            }
        }
        if (seen % HERTZ == 0) say("tick "), say_number(seen / HERTZ), put('\n');
    }
}

__attribute__((naked, used, section(".text.start"))) void start(void)
{
    __asm__ volatile("cli\n mov $stack + 16384, %esp\n push %ebx\n call live");
}
