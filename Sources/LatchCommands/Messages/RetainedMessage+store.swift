import Mosquitto
import RetainedStore

extension RetainedMessage {
    /// A copy of what a store's reader hands out.
    init(_ view: RetainedView) {
        self.init(
            topic: Array(view.topic),
            payload: Array(view.payload),
            properties: Array(view.properties),
            qos: view.qos,
            expirySeconds: view.expirySeconds,
            clientID: Array(view.clientID),
            userName: Array(view.userName),
            listenerPort: view.listenerPort,
            publishTimeMilliseconds: view.publishTimeMilliseconds
        )
    }
}
