package io.microbatcher.benchmarks.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Before a server that sends back what it gets. */
@Timeout(60)
class RoundTripProxyTest {
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private ServerSocket server;

    @BeforeEach
    void start() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        threads.submit(() -> {
            while (true) {
                Socket socket = server.accept();
                threads.submit(() -> sendBack(socket));
            }
        });
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
        threads.shutdownNow();
    }

    private static Void sendBack(Socket socket) throws IOException {
        try (socket) {
            socket.getInputStream().transferTo(socket.getOutputStream());
        }
        return null;
    }

    @Test
    void whatGoesThereAndBackTakesAsLongAsItWasTold() throws Exception {
        Duration roundTrip = Duration.ofMillis(40);
        try (RoundTripProxy proxy = RoundTripProxy.before(server.getLocalPort(), roundTrip);
                Socket client = connect(proxy)) {
            for (int i = 0; i < 5; i++) {
                long begin = System.nanoTime();
                client.getOutputStream().write(i);
                assertThat(client.getInputStream().read()).isEqualTo(i);
                assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(roundTrip.toNanos());
            }
        }
    }

    @Test
    void whatIsUnderWayDoesNotWaitForWhatIsBeforeIt() throws Exception {
        int messages = 1_000; // one after the other: five minutes
        try (RoundTripProxy proxy = RoundTripProxy.before(server.getLocalPort(), Duration.ofMillis(300));
                Socket client = connect(proxy)) {
            Future<?> sending = threads.submit(() -> {
                OutputStream out = client.getOutputStream();
                for (int i = 0; i < messages; i++) {
                    out.write(new byte[] {(byte) i, (byte) (i >> 8)});
                }
                return null;
            });
            DataInputStream in = new DataInputStream(client.getInputStream());
            for (int i = 0; i < messages; i++) {
                assertThat(Short.reverseBytes(in.readShort())).isEqualTo((short) i);
            }
            sending.get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void noByteIsLostOrOutOfPlaceOnManyConnectionsAtOnce() throws Exception {
        try (RoundTripProxy proxy = RoundTripProxy.before(server.getLocalPort(), Duration.ofMillis(2))) {
            List<Future<Boolean>> transfers = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                byte[] sent = new byte[3_000_000 + i];
                new Random(i).nextBytes(sent);
                Socket client = connect(proxy);
                threads.submit(() -> {
                    client.getOutputStream().write(sent);
                    client.shutdownOutput();
                    return null;
                });
                transfers.add(threads.submit(() -> {
                    try (client) {
                        byte[] got = client.getInputStream().readAllBytes(); // to the end, which comes back as well
                        return Arrays.equals(got, sent);
                    }
                }));
            }
            for (Future<Boolean> transfer : transfers) {
                assertThat(transfer.get(30, TimeUnit.SECONDS)).isTrue();
            }
        }
    }

    @Test
    void whatAReceiverDoesNotTakeWaitsForItAndKeepsNobodyElseWaiting() throws Exception {
        byte[] much = new byte[20_000_000];
        new Random(1).nextBytes(much);
        try (RoundTripProxy proxy = RoundTripProxy.before(server.getLocalPort(), Duration.ofMillis(2));
                Socket slow = connect(proxy);
                Socket other = connect(proxy)) {
            threads.submit(() -> {
                slow.getOutputStream().write(much);
                slow.shutdownOutput();
                return null;
            });
            InputStream in = slow.getInputStream();
            assertThat(in.read()).isEqualTo(much[0] & 0xff); // it has come so far, and is read no further for now

            other.getOutputStream().write(7);
            assertThat(other.getInputStream().read()).isEqualTo(7);

            byte[] rest = in.readAllBytes();
            assertThat(rest).hasSize(much.length - 1);
            assertThat(Arrays.equals(rest, 0, rest.length, much, 1, much.length))
                    .isTrue();
        }
    }

    @Test
    void whereThereIsNoServerTheConnectionEnds() throws Exception {
        int nobody;
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = closed.getLocalPort();
        }
        try (RoundTripProxy proxy = RoundTripProxy.before(nobody, Duration.ofMillis(2));
                Socket client = connect(proxy)) {
            assertThat(client.getInputStream().read()).isEqualTo(-1);
        }
    }

    private static Socket connect(RoundTripProxy proxy) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(30_000); // an interrupt does not end a read
        return socket;
    }
}
