package io.microbatcher.benchmarks.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * A longer way to a server on this machine: every byte arrives half a round trip after it was sent, in both directions.
 *
 * <p>Only time is added. Any number of bytes may be under way, so that throughput is not limited; memory holds what is
 * under way, and what a receiver does not take.
 *
 * <p>Two threads serve all connections. Since the delay is the same for all bytes, one queue in order of arrival is also
 * in order of departure.
 *
 * <p>Bytes are never early. They are late by what the operating system takes to wake a thread, some ten microseconds each
 * way, since spinning until the very moment would take a core from those that are measured.
 */
final class RoundTripProxy implements AutoCloseable {
    /** How soon to try again where a receiver had no room. */
    private static final long AGAIN_NANOS = TimeUnit.MICROSECONDS.toNanos(50);

    private static final int READ_AT_ONCE = 1 << 16;

    private final long delayNanos;
    private final int serverPort;
    private final Selector selector = Selector.open();
    private final ServerSocketChannel door = ServerSocketChannel.open();
    private final Queue<Parcel> underWay = new ConcurrentLinkedQueue<>();
    private final Thread receiver = new Thread(this::receive, "round-trip-receiver");
    private final Thread sender = new Thread(this::send, "round-trip-sender");
    private volatile boolean senderIdle;
    private volatile boolean closed;

    private RoundTripProxy(int serverPort, Duration roundTrip) throws IOException {
        this.serverPort = serverPort;
        this.delayNanos = roundTrip.toNanos() / 2;
        door.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1_024);
        door.configureBlocking(false);
        door.register(selector, SelectionKey.OP_ACCEPT);
    }

    /** Starts one before a port of this machine. */
    static RoundTripProxy before(int serverPort, Duration roundTrip) throws IOException {
        RoundTripProxy proxy = new RoundTripProxy(serverPort, roundTrip);
        for (Thread thread : new Thread[] {proxy.receiver, proxy.sender}) {
            thread.setDaemon(true);
            thread.start();
        }
        return proxy;
    }

    int port() {
        return door.socket().getLocalPort();
    }

    /** One direction of a connection. What changes is the sender's. */
    private static final class Way {
        private final SocketChannel from;
        private final SocketChannel to;
        private final AtomicInteger open;
        private final Queue<ByteBuffer> backlog = new ArrayDeque<>();

        /** @param open how many directions of the connection have not ended */
        private Way(SocketChannel from, SocketChannel to, AtomicInteger open) {
            this.from = from;
            this.to = to;
            this.open = open;
        }

        /** Sends what waits for room; whether all of it is gone. An empty buffer is the end. */
        boolean sendBacklog() {
            try {
                for (ByteBuffer first = backlog.peek(); first != null; first = backlog.peek()) {
                    if (!first.hasRemaining()) {
                        end();
                    } else if (to.write(first) == 0) {
                        return false;
                    }
                    if (!first.hasRemaining()) {
                        backlog.remove();
                    }
                }
            } catch (IOException broken) {
                backlog.clear();
                hangUp();
            }
            return true;
        }

        private void end() throws IOException {
            to.shutdownOutput();
            if (open.decrementAndGet() == 0) {
                hangUp();
            }
        }

        void hangUp() {
            try (from;
                    to) {
                // closed by leaving
            } catch (IOException alreadyGone) {
                // that is what was wanted
            }
        }
    }

    private record Parcel(Way way, ByteBuffer bytes, long dueNanos) {}

    // ---------------------------------------------------------------- the receiver

    private void receive() {
        ByteBuffer buffer = ByteBuffer.allocateDirect(READ_AT_ONCE);
        try {
            while (!closed) {
                selector.select();
                for (Iterator<SelectionKey> ready = selector.selectedKeys().iterator(); ready.hasNext(); ) {
                    SelectionKey key = ready.next();
                    ready.remove();
                    if (key.attachment() instanceof Way way) {
                        read(way, key, buffer);
                    } else {
                        connect();
                    }
                }
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } finally {
            selector.keys().forEach(key -> {
                if (key.attachment() instanceof Way way) {
                    way.hangUp();
                }
            });
        }
    }

    private void connect() throws IOException {
        SocketChannel client = door.accept();
        if (client == null) {
            return;
        }
        SocketChannel server = SocketChannel.open();
        AtomicInteger open = new AtomicInteger(2);
        Way there = new Way(client, server, open);
        try {
            server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), serverPort));
            register(there);
            register(new Way(server, client, open));
        } catch (IOException goneAlready) { // one of both: no reason to fail the others
            there.hangUp();
        }
    }

    private void register(Way way) throws IOException {
        way.from.setOption(StandardSocketOptions.TCP_NODELAY, true);
        way.from.configureBlocking(false);
        way.from.register(selector, SelectionKey.OP_READ, way);
    }

    private void read(Way way, SelectionKey key, ByteBuffer buffer) {
        try {
            buffer.clear();
            int count = way.from.read(buffer);
            if (count < 0) {
                key.interestOps(0);
            }
            byte[] bytes = new byte[Math.max(0, count)];
            buffer.flip().get(bytes);
            post(new Parcel(way, ByteBuffer.wrap(bytes), System.nanoTime() + delayNanos));
        } catch (IOException | CancelledKeyException broken) { // the sender may have hung up just now
            way.hangUp();
        }
    }

    private void post(Parcel parcel) {
        underWay.add(parcel);
        if (senderIdle) {
            LockSupport.unpark(sender);
        }
    }

    // ---------------------------------------------------------------- the sender

    private void send() {
        Set<Way> stalled = new LinkedHashSet<>();
        while (!closed) {
            Parcel next = underWay.peek();
            long left = next == null ? Long.MAX_VALUE : next.dueNanos - System.nanoTime();
            if (next != null && left <= 0) {
                underWay.remove();
                next.way.backlog.add(next.bytes);
                if (!stalled.contains(next.way) && !next.way.sendBacklog()) {
                    stalled.add(next.way);
                }
            } else if (!stalled.isEmpty()) {
                LockSupport.parkNanos(Math.min(left, AGAIN_NANOS));
                stalled.removeIf(Way::sendBacklog);
            } else if (next != null) {
                LockSupport.parkNanos(left); // what comes meanwhile is due later
            } else {
                awaitParcel();
            }
        }
    }

    private void awaitParcel() {
        senderIdle = true;
        if (underWay.isEmpty() && !closed) { // whoever adds one from here on sees that the sender is idle
            LockSupport.park(this);
        }
        senderIdle = false;
    }

    @Override
    public void close() throws IOException {
        closed = true;
        LockSupport.unpark(sender);
        selector.wakeup();
        try {
            receiver.join();
            sender.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        door.close();
        selector.close();
    }
}
